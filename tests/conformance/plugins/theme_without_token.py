"""Fault: forms have no token."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_without_token"))
