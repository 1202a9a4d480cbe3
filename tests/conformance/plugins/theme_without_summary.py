"""Fault: a page with mistakes has no error summary."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_without_summary"))
