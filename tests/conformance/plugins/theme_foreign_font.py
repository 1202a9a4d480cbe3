"""Fault: a style sheet fetches a typeface from another host."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_foreign_font"))
