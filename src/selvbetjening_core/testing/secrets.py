"""The kit for plugins that read secrets from where they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from selvbetjening_core.composition.secrets import CORE_SCHEMES, SCHEME
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import ISecrets
from selvbetjening_core.testing.attempts import in_threads, remote_of
from selvbetjening_core.testing.common import Called, called
from selvbetjening_core.testing.conformance import broken, check, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.testing.shared import SharedBench, SharedChecks
from selvbetjening_core.testing.watching import overhearing

_VALUES = {
    "plain": "correct horse battery staple",
    "danish": "rød grød med fløde 100 %",
    "odd": "a=b:c#d'e\"f\\g{h}$i",
}
_STRANGE = ("", " ", ".", "..", "../plain", "/etc/passwd", "\x00", "æ" * 300, "plain/", "*", "plai")
_AWAY = (Fault.DOWN, Fault.CUT_OFF, Fault.BUSY, Fault.GARBAGE, Fault.EMPTY, Fault.UNAUTHORISED)


@dataclass(kw_only=True)
class SecretsBench(SharedBench):
    """A keeper of secrets, and the way to put some there.

    :param put: keeps a secret: given its name, then its value
    """

    put: Callable[[str, str], None]


class SecretsConformance(SharedChecks):
    """What a plugin that implements ``ISecrets`` is held to."""

    contract: ClassVar = ISecrets
    bench_type: ClassVar = SecretsBench

    def use(self, bench: SecretsBench, shared: Any) -> object:
        """Read a secret."""
        bench.put("plain", _VALUES["plain"])
        return _read(shared, "plain")

    @check(
        "scheme",
        "Its scheme is one word in lower case, and none of the core's own.",
        da="Dens skema er ét ord med små bogstaver og ikke et af kernens egne.",
    )
    def test_scheme(self, bench: SecretsBench) -> None:
        """What references begin with."""
        scheme = bench.shared().scheme
        fits = isinstance(scheme, str) and SCHEME.fullmatch(scheme) is not None
        expect(fits, "the scheme is no word in lower case")
        expect(scheme not in CORE_SCHEMES, f"the core itself reads {scheme}:")

    @check(
        "read-as-kept",
        "A secret comes out as it was put in, to the letter.",
        da="En hemmelighed kommer ud, som den blev lagt ind, til mindste tegn.",
    )
    def test_read_as_kept(self, bench: SecretsBench) -> None:
        """Danish letters, and signs that files and addresses give a meaning; twice."""
        shared = _filled(bench)
        for name, value in _VALUES.items():
            for _ in range(2):
                expect(_read(shared, name) == value, f"{name!r} came out as another text")

    @check(
        "unknown-names-what-was-sought",
        "A secret that is not there is a LookupError that says which was sought.",
        da="En hemmelighed, der ikke findes, giver en fejl, som nævner, hvad der blev søgt.",
    )
    def test_unknown(self, bench: SecretsBench) -> None:
        """Its sentence is what the municipality reads."""
        made = called(lambda: _filled(bench).read("sought-in-vain"))
        error = _refused(made, "for a name that is not there")
        expect("sought-in-vain" in str(error), "the sentence does not say which was sought")

    @check(
        "strange-names",
        "A strange name is answered as one that is not there, and reaches nothing else.",
        da="Et underligt navn besvares som et, der ikke findes, og når ikke andet.",
    )
    def test_strange_names(self, bench: SecretsBench) -> None:
        """Empty, too long, part of another, and the way out of a folder."""
        shared = _filled(bench)
        for name in _STRANGE:
            _refused(called(partial(shared.read, name)), "for a strange name")

    @check(
        "found-never-told",
        "What a secret is stands in no log line, error, file name or print.",
        da="Hvad en hemmelighed er, står ikke i log, fejl, filnavne eller udskrift.",
    )
    def test_found_never_told(self, bench: SecretsBench) -> None:
        """Neither where it was read, nor where another was sought; nor in the keeper's repr."""
        for name, value in _VALUES.items():
            bench.put(name, value)
        with overhearing(bench.workplace) as heard:
            shared = bench.shared()
            for name in (*_VALUES, "sought-in-vain", *_STRANGE):
                made = called(partial(shared.read, name))
                heard.note(made.error, shared)
                if made.error is not None:
                    heard.note(made.error.__context__)
        found = heard.found(_VALUES.values())
        expect(not found, f"{len(found)} of {len(_VALUES)} secrets were told elsewhere")

    @check(
        "away",
        "A place that cannot be reached gives a LookupError or Unavailable, never a text.",
        da="Et sted, der ikke kan nås, giver en fejl og aldrig en tekst.",
        optional=True,
    )
    def test_away(self, bench: SecretsBench) -> None:
        """Nonsense is no secret either; afterwards it reads again."""
        shared = _filled(bench)
        for fault in _AWAY:
            with remote_of(bench).behaving(fault):
                made = called(lambda: shared.read("plain"))
            _refused(made, f'while the place was "{fault.value}"')
        expect(_read(shared, "plain") == _VALUES["plain"], "it does not read again afterwards")

    @check(
        "thread-safe",
        "Many at once read each their own.",
        da="Mange på én gang læser hver sin.",
    )
    def test_thread_safe(self, bench: SecretsBench) -> None:
        """One keeper, read from many threads."""
        shared = _filled(bench)
        calls = [partial(_read, shared, name) for name in _VALUES]
        for read, value in zip(in_threads(calls), _VALUES.values(), strict=True):
            expect(all(one == value for one in read), "a thread read another's secret")


def _filled(bench: SecretsBench) -> Any:
    for name, value in _VALUES.items():
        bench.put(name, value)
    return bench.shared()


def _read(shared: Any, name: str) -> object:
    made = called(lambda: shared.read(name))
    if made.error is not None:
        broken(f"reading {name!r} {made.described}")
    return made.value


def _refused(made: Called, about: str) -> BaseException:
    if made.error is None:
        broken(f"read gave a text {about}")
    if not isinstance(made.error, LookupError | Unavailable):
        broken(f"read {made.described} {about}; it should raise LookupError")
    return made.error
