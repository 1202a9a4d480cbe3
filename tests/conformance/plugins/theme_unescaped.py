"""Fault: a paragraph is taken for markup."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_unescaped"))
