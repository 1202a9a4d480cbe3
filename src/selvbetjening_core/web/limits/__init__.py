"""Limits of what is read, and of how often things are done."""
