"""From a step's definition to a page, and from what a browser sent to values."""
