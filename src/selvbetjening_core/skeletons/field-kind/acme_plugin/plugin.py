"""Registers the kind of field. Nothing to fill in here."""

from __future__ import annotations

from selvbetjening_core.hooks import Register, hookimpl

from acme_plugin.field import AcmeField


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.field_kind(AcmeField())
