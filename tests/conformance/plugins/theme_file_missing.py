"""Fault: a page names a file that is not there."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_file_missing"))
