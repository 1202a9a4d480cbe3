"""The whole application with a solution whose one step asks for every kind."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from authz_cast import session_of
from fuzz_world import without_rates
from kind_samples import KindSample
from town import CODES, MORS, Browser, Form, Town

from selvbetjening_clamav.counterpart import ClamdCounterpart
from selvbetjening_core.definitions.dates import DateRule
from selvbetjening_core.definitions.model import FILES, Field, Option, Text
from selvbetjening_core.testing.kinds import NAME
from selvbetjening_core.testing.sent import Pairs

SOLUTION, STEP = "odd", "trial"
PATH = f"/{SOLUTION}/trin/{STEP}"
_HEAD = """
[solution]
version = "1"
title.da = "Prøve"
title.en = "Trial"
languages = ["da", "en"]
kle = "29"
minutes = 5
level = "substantial"
may_act = ["self", "custody"]

[retention]
draft_days = 30
delivered_days = 90

[[law]]
title = "Prøveloven"
valid_from = 2020-01-01

[text.after]
da = "Så er du færdig."
en = "Then you are done."

[text.purpose]
da = "Her kan du prøve."
en = "Here you can try."

[text.alternative]
da = "Ring til os."
en = "Call us."

[step.trial]
title.da = "Prøve"
title.en = "Trial"
"""
_FOOT = """
[[destination]]
role = "case_system"
after = "payment"
"""
_COMPONENTS = """
[component.looks]
plugin = "clamav"

[component.roads]
plugin = "demo_addresses"
"""
_ROLES = 'scanner = "looks"\naddresses = "roads"\nplates = "roads"'
_FOUND: Pairs = ((NAME, "Jernbanevej"), (f"{NAME}.key", "demo-1"))
_RIGHT_HERE: Mapping[str, Pairs] = {"address": _FOUND, "lookup": _FOUND}
"""What the town's register knows, for the kinds whose bench has another one."""


class FormTown:
    """The town, and a citizen in front of that step.

    :param samples: the kinds that are asked for
    """

    def __init__(self, samples: Sequence[KindSample]) -> None:
        self._samples = samples

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            self._clamd = stack.enter_context(ClamdCounterpart())
            self.town = stack.enter_context(Town(self._prepare))
            self.browser: Browser = self.town.browser()
            self.browser.log_in("kirsten", SOLUTION)
            self.form: Form = self.browser.get(PATH).form
            _, session = session_of(self.browser, "sessions")
            self._cpr = session.identity.cpr
            self._stack = stack.pop_all()
        self.begun = self.town.kept()
        self._cookies = dict(self.browser.cookies)
        return self

    @property
    def hidden(self) -> Pairs:
        """What the step's form sends beside answers."""
        names = tuple(field_name(one) for one in self._samples)
        filled = self.form.filled()
        return tuple(pair for pair in filled if pair[0].partition(".")[0] not in names)

    def answers(self) -> Mapping[str, object]:
        """What is kept of the citizen's answers."""
        with self.town.work() as work:
            draft = work.drafts.unfinished(self._cpr, SOLUTION)
        return dict(draft.answers) if draft else {}

    def left_over(self) -> set[str]:
        """The files on the disk that no answer has."""
        kept = {
            one["id"]
            for sample in self._samples
            if sample.name == FILES
            for one in self.answers().get(field_name(sample), ())  # type: ignore[attr-defined]
        }
        return {path.name for path in self._files()} ^ kept

    def begin_anew(self) -> None:
        """As it was when the step was first shown."""
        self.town.bring_back(self.begun)
        for path in self._files():
            path.unlink()
        self.browser.cookies = dict(self._cookies)

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    def _files(self) -> Iterator[Path]:
        return (self.town.folder / "var" / "files" / CODES[MORS]).glob("*")

    def _prepare(self, town: Town) -> None:
        without_rates(town)
        folder = town.folder / "own" / SOLUTION
        folder.mkdir(parents=True)
        text = (
            _HEAD
            + "\n".join(
                line for number, one in enumerate(self._samples, 1) for line in _lines(one, number)
            )
            + "\n".join(_groups(self._samples))
            + _FOOT
        )
        (folder / "solution.toml").write_text(text, "utf-8")
        config = town.folder / "selvbetjening.toml"
        shipped = '"package:selvbetjening_solutions"'
        config.write_text(config.read_text("utf-8").replace(shipped, f'{shipped}, "own"'), "utf-8")
        for file in (town.folder / "municipalities").glob("*.toml"):
            text = file.read_text("utf-8").replace("[roles]", f"[roles]\n{_ROLES}")
            file.write_text(f"{text}\n{_COMPONENTS}\n[solutions.{SOLUTION}]\n", "utf-8")
        plugins = town.folder / "plugin_sets" / "standard.toml"
        text = plugins.read_text("utf-8").replace('"folder",', '"folder", "clamav",')
        port = f'[plugin.clamav]\nhost = "127.0.0.1"\nport = {self._clamd.port}\nseconds = 1\n'
        plugins.write_text(f"{text}\n{port}", "utf-8")


def field_name(sample: KindSample) -> str:
    """What the question of a kind is called."""
    return f"f_{sample.name}"


def right(samples: Sequence[KindSample]) -> Pairs:
    """The right answer to every question that is typed; files are sent apart."""
    return tuple(
        pair
        for one in samples
        for answer in one.bench.accepted[:1]
        for pair in renamed(one, _RIGHT_HERE.get(one.name, answer.typed))
    )


def renamed(sample: KindSample, pairs: Pairs) -> Pairs:
    """Pairs of the bench under the name of the question."""
    return tuple((name.replace(NAME, field_name(sample), 1), text) for name, text in pairs)


def _lines(sample: KindSample, number: int) -> Iterator[str]:
    table, bench = f"step.{STEP}.{field_name(sample)}", sample.bench
    asked = sample.step("filled").fields[0]
    yield f"\n[{table}]\nkind = {_toml(sample.name)}"
    if sample.name == FILES:
        yield "required = false"
    if asked.group:
        yield f"group = {_toml(asked.group)}"
    yield from _both("label", f"Spørgsmål {number}", f"Question {number}")
    for name, value in bench.keys.items():
        yield f"{name} = {_toml(value)}"
    if bench.options:
        yield f"options = {_toml([one.value for one in bench.options])}"
    if bench.rows:
        yield f"rows = {_toml([one.value for one in bench.rows])}"
    for code, (danish, english) in bench.errors.items():
        yield from _both(f"error.{code}", danish, english)
    yield from _named(f"{table}.option", bench.options)
    yield from _named(f"{table}.row", bench.rows)


def _groups(samples: Sequence[KindSample]) -> Iterator[str]:
    """The groups that the questions use, each once."""
    asked = [one.step("filled").fields[0] for one in samples]
    for name, parts in {one.group: one.parts for one in asked if one.group}.items():
        for part in parts:
            yield from _part(name, part)


def _part(group: str, part: Field) -> Iterator[str]:
    yield f"\n[group.{group}.{part.name}]\nkind = {_toml(part.kind)}\nlabel = {_toml(part.label)}"


def _named(table: str, options: Sequence[Option]) -> Iterator[str]:
    if options:
        yield f"[{table}]"
    for one in options:
        yield f"{one.value} = {_toml(one.label)}"


def _both(key: str, danish: str, english: str) -> Iterator[str]:
    yield f"{key}.da = {_toml(danish)}"
    yield f"{key}.en = {_toml(english)}"


def _toml(value: object) -> str:
    if isinstance(value, DateRule):
        return _toml(value.base)
    if isinstance(value, Text):
        return _toml(value.by_language)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_toml(one)}' for key, one in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    # What JSON and TOML write alike.
    return json.dumps(value, ensure_ascii=False)
