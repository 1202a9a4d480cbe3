"""Fault: what another window has saved meanwhile is not shown."""

from good_theme import offering, themed

selvbetjening_register = offering(themed("theme_hides_overtaken"))
