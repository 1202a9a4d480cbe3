"""Registers the theme. Nothing to fill in here."""

from __future__ import annotations

from selvbetjening_core.hooks import Register, hookimpl

from acme_plugin.theme import AcmeTheme


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.theme(AcmeTheme())
