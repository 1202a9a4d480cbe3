"""What the core itself offers, on the bench: run by ``selvbetjening conformance core``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.register import Register
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.testing.field_kind import FieldKindConformance
from selvbetjening_core.testing.form import FormBench, FormConformance
from selvbetjening_core.testing.kinds import FieldKindBench
from selvbetjening_core.testing.own_kinds import OWN_KINDS, PLUGIN
from selvbetjening_core.testing.theme import ThemeConformance
from selvbetjening_core.testing.themes import ThemeBench

FIELD_KINDS = OWN_KINDS
"""A maker of the bench of each kind, for those who look for one."""


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the core's own parts as a plugin would: benches know plugins alone."""
    register_core(register)


class TestCoreForm(FormConformance):
    """The built-in form component."""

    @pytest.fixture
    def bench(self) -> FormBench:
        """It has no settings."""
        return FormBench(plugin=PLUGIN)


class TestCoreKinds(FieldKindConformance):
    """Every built-in kind of field."""

    @pytest.fixture(params=OWN_KINDS, ids=lambda make: make().kind)
    def bench(self, request: pytest.FixtureRequest) -> FieldKindBench:
        """One kind after the other."""
        make: Callable[[], FieldKindBench] = request.param
        return make()


class TestPlain(ThemeConformance):
    """The built-in theme."""

    @pytest.fixture
    def bench(self) -> ThemeBench:
        """It has no settings."""
        return ThemeBench(plugin=PLUGIN)
