"""Delivers into a folder, in place of a journal system."""
