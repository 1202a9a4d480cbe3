"""Fault: a demonstration does not say that it is one."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_hides_demo"))
