"""``selvbetjening preview``: one solution, served from its folder while it is written.

Like the demo it logs invented citizens in and pretends to take payments. Every page
says that it is a preview, and what `check` finds stands beside it. Nothing is
delivered, and what is typed is gone when the preview ends.
"""
