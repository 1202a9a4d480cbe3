"""Fault: a municipality without a telephone has an empty link."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_needs_contact"))
