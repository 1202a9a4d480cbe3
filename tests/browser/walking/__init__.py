"""Walking through a served town with a real browser, and looking closely at each page."""
