"""Telling on every page that components misbehave on purpose."""

from __future__ import annotations

from collections.abc import Iterable

from selvbetjening_core.composition.municipality_file import ComponentSpec
from selvbetjening_core.composition.register import contract_word
from selvbetjening_core.texts import Texts

_FAULT = "fault"
"""The setting by which a component that misbehaves is told how."""


def faults_told(specs: Iterable[ComponentSpec], texts: Texts) -> str:
    """The components that make faults and how, in words; empty where none does.

    What the texts have no word for is told by its own name.
    """
    told = (_told(spec, texts) for spec in specs if any(o.makes_faults for o in spec.offers))
    return ", ".join(dict.fromkeys(told))


def _told(spec: ComponentSpec, texts: Texts) -> str:
    contract = contract_word(spec.offers[0].contract)
    what = texts.by_key.get(f"faults.{contract}", spec.name)
    fault = str(spec.settings.get(_FAULT, ""))
    how = texts.by_key.get(f"faults.{fault}", fault)
    return f"{what} ({how})" if how else what
