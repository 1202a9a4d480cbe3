"""Fault: a field template changes the value it prints."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_does_more"))
