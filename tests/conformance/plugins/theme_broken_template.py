"""Fault: a template cannot be compiled."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_broken_template"))
