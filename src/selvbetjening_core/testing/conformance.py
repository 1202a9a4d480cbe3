"""What all conformance kits have in common: checks with names, and a bench.

A kit is a class of checks. A plugin's own test class inherits it and has one
fixture, ``bench``, which says how to make the component and how to drive what
stands at its other end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NoReturn, TypeVar

import pytest
from zope.interface.interface import InterfaceClass

from selvbetjening_core.testing.bench import Bench

F = TypeVar("F", bound=Callable[..., object])

NOT_APPLICABLE = "not applicable: "
_ATTRIBUTE = "conformance_check"
_DANISH = "why_in_danish"


@dataclass(frozen=True, slots=True)
class Check:
    """What one check asks: a stable name, and a sentence in English and Danish.

    ``optional``: a bench may declare that it does not apply.
    """

    name: str
    sentence: str
    danish: str
    optional: bool = False


def check(name: str, sentence: str, *, da: str = "", optional: bool = False) -> Callable[[F], F]:
    """Mark a test of a kit as the check called ``name``.

    :param sentence: what holds when it passes, for the printed table
    :param da: the same in Danish, for the page that a municipality reads
    :param optional: it asks for something that a plugin may honestly not do; the
        bench then says why in ``not_applicable``
    """

    def mark(function: F) -> F:
        setattr(function, _ATTRIBUTE, Check(name, sentence, da, optional))
        return function

    return mark


def check_of(function: object) -> Check | None:
    """The check that ``function`` was marked as, or None."""
    found = getattr(function, _ATTRIBUTE, None)
    return found if isinstance(found, Check) else None


def checks_of(kit: type) -> dict[str, Check]:
    """The checks of a kit by the name of the method, in the order they are written."""
    found = {
        name: check
        for base in reversed(kit.__mro__)
        for name in vars(base)
        if (check := check_of(getattr(kit, name, None)))
    }
    if len({check.name for check in found.values()}) < len(found):
        raise TypeError(f"{kit.__name__} has two checks of one name")
    return found


def expect(condition: object, what: str) -> None:
    """Fail the check with the sentence ``what`` unless ``condition`` is true."""
    if not condition:
        broken(what)


def broken(what: str) -> NoReturn:
    """Fail the check: ``what`` says what was expected and what came, without personal data."""
    pytest.fail(what, pytrace=False)


def does_not_apply(why: str, *, da: str = "") -> NoReturn:
    """End the check: it does not apply here, and ``why`` stands in the table.

    :param da: the same in Danish, for the page that a municipality reads
    """
    ended = pytest.skip.Exception(NOT_APPLICABLE + why)
    setattr(ended, _DANISH, da)
    raise ended


def danish_why(error: BaseException) -> str:
    """What :func:`does_not_apply` was told in Danish; empty for anything else."""
    return str(getattr(error, _DANISH, ""))


class Conformance:
    """The base of every kit. ``contract`` is what a component is held to.

    A class that inherits a kit has a pytest fixture ``bench``, in the class or
    beside it, that gives the kit's own kind of bench.
    """

    contract: ClassVar[InterfaceClass]
    bench_type: ClassVar[type[Bench]] = Bench

    @pytest.fixture(autouse=True)
    def _conformance(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
        """Every check begins with a bench that fits and a counterpart without faults."""
        bench = self._bench(request)
        request.node.user_properties += [("plugin", bench.plugin), ("label", bench.label)]
        self.prepare(bench, tmp_path, check_of(request.function))
        yield
        bench.behave_well()

    def prepare(self, bench: Bench, folder: Path, asked: Check | None) -> None:
        """Make ``bench`` ready for the check ``asked``, or end it where it does not apply."""
        if bench.folder is None:
            bench.folder = folder
        bench.contract = self.contract
        _leave_out(bench, type(self), asked)
        bench.behave_well()

    def _bench(self, request: pytest.FixtureRequest) -> Bench:
        wanted = self.bench_type.__name__
        try:
            bench: Any = request.getfixturevalue("bench")
        except pytest.FixtureLookupError:
            broken(
                f"{type(self).__name__} has no fixture called bench. Write one that returns"
                f" {wanted}(plugin=..., settings=..., remote=...), in the class or in its module:"
                f"\n\n    @pytest.fixture\n    def bench():\n        return {wanted}(...)\n"
            )
        if not isinstance(bench, self.bench_type):
            broken(f"the fixture bench gives {type(bench).__name__}, and should give {wanted}")
        return bench


def _leave_out(bench: Bench, kit: type, asked: Check | None) -> None:
    checks = {check.name: check for check in checks_of(kit).values()}
    for name in bench.not_applicable:
        if name not in checks:
            broken(f'not_applicable names "{name}", and {kit.__name__} has no such check')
        if not checks[name].optional:
            broken(f'not_applicable names "{name}", which applies to every plugin')
    if asked is not None and asked.name in bench.not_applicable:
        why = bench.not_applicable[asked.name]
        english, danish = (why, "") if isinstance(why, str) else why
        does_not_apply(english, da=danish)
