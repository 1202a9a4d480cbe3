"""Registers the theme ``dkfds``."""

from __future__ import annotations

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_dkfds.theme import theme_from


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the theme, or what stands in for it where npm could not be reached."""
    register.theme(theme_from())
