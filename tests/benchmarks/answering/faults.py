"""Planted faults: each must turn the benchmark red."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

FAULTS = {
    "field-missing": "FastAPI's page leaves a field out",
    "error-missing": "Flask accepts a number that the others refuse",
    "answers-not-kept": "our view forgets what was answered",
    "forged-form-accepted": "our CSRF check lets every form through",
    "compiled-each-time": "our pages compile their step at each request",
    "slower-with-solutions": "our pages look at every solution at each request",
    "slower-with-fields": "our forms look at every field for every field",
    "slower-to-read": "our forms look at every field for every field that is read",
    "drawn-each-time": "our forms draw their fields from the templates at each request",
    "loaded-at-start": "our start loads what makes receipts",
}
FOUND_BY = {
    "field-missing": ("equal",),
    "error-missing": ("equal",),
    "answers-not-kept": ("equal",),
    "forged-form-accepted": ("equal",),
    "compiled-each-time": ("compiled",),
    "slower-with-solutions": ("growth",),
    "slower-with-fields": ("shown",),
    "slower-to-read": ("read",),
    "drawn-each-time": ("jinja",),
    "loaded-at-start": ("memory",),
}
"""The measurements that must find it; they are green without it."""


_replaced: list[tuple[type, str, object]] = []


def pull_up() -> None:
    """What was planted in this process's forms is there no more."""
    while _replaced:
        owner, name, own = _replaced.pop()
        setattr(owner, name, own)


def _replace(owner: type, name: str, planted: object) -> None:
    _replaced.append((owner, name, getattr(owner, name)))
    setattr(owner, name, planted)


def plant(fault: str, stack: str) -> None:
    """Before the application is made, in this process alone. Empty: nothing is planted."""
    planted, of = PLANTED.get(fault, (None, ""))
    if planted is not None and of == stack:
        planted()


def _field_missing() -> None:
    from answering import peer_fastapi as peer  # noqa: PLC0415 - in that peer's process alone

    peer.FIELDS = tuple(one for one in peer.FIELDS if one.name != "udlejer")  # type: ignore[misc]


def _error_missing() -> None:
    from answering import peer_flask as peer  # noqa: PLC0415

    peer.MOST = 1000  # type: ignore[misc]


def _answers_not_kept() -> None:
    from selvbetjening_core.web.front import steps as front  # noqa: PLC0415
    from selvbetjening_core.web.views import steps  # noqa: PLC0415

    for way in (front, steps):
        way.save_answers = lambda *_: None  # type: ignore[attr-defined]


def _forged_form_accepted() -> None:
    from answering.protections import switch_off  # noqa: PLC0415

    switch_off("CSRF check")


def _compiled_each_time() -> None:
    from selvbetjening_core.journey.forms import compile_step  # noqa: PLC0415
    from selvbetjening_core.web.pages import Looks  # noqa: PLC0415

    Looks.step = lambda _self, *about: compile_step(*about)  # type: ignore[method-assign]


def _slower_with_solutions() -> None:
    from selvbetjening_core.web.front.places import Places  # noqa: PLC0415

    find = Places.find

    def looked_for(self: Places, environ: Any) -> Any:
        found = find(self, environ)
        for one in found.context.municipality.solutions.values() if found else ():
            dataclasses.asdict(one.solution.title)
        return found

    Places.find = looked_for  # type: ignore[method-assign]


def _slower_with_fields() -> None:
    _looking_at_all("render")


def _slower_to_read() -> None:
    _looking_at_all("read")


def _looking_at_all(name: str) -> None:
    from selvbetjening_core.forms.compiled import CompiledStep  # noqa: PLC0415

    work = getattr(CompiledStep, name)

    def looked_at(self: CompiledStep, about: Any) -> Any:
        for _ in self.step.fields:
            for one in self.step.fields:
                one.label.in_language("da")
        return work(self, about)

    _replace(CompiledStep, name, looked_at)


def _drawn_each_time() -> None:
    from selvbetjening_core.forms.compiled import CompiledStep  # noqa: PLC0415

    work = CompiledStep.render

    def drawn(self: CompiledStep, state: Any) -> Any:
        for plan in self._plans:
            view: Any = plan.maker.view({}, state.today)
            view.drawn.html(view.typed_from(state.values.get(plan.field.name)), None)
        return work(self, state)

    _replace(CompiledStep, "render", drawn)


def _loaded_at_start() -> None:
    from selvbetjening_pdf_receipt.sheet import make_pdf  # noqa: PLC0415
    from selvbetjening_pdf_receipt.trial import trial_cases  # noqa: PLC0415
    from selvbetjening_pdf_receipt.typesetter import Typesetter  # noqa: PLC0415

    made = Typesetter.__init__

    def loaded(self: Typesetter, *about: Any) -> None:
        made(self, *about)
        make_pdf(self, trial_cases()[-1], {"seal": "", "check_code": ""})

    Typesetter.__init__ = loaded  # type: ignore[method-assign]


PLANTED: dict[str, tuple[Callable[[], None], str]] = {
    "field-missing": (_field_missing, "fastapi"),
    "error-missing": (_error_missing, "flask"),
    "answers-not-kept": (_answers_not_kept, "ours"),
    "forged-form-accepted": (_forged_form_accepted, "ours"),
    "compiled-each-time": (_compiled_each_time, "ours"),
    "slower-with-solutions": (_slower_with_solutions, "ours"),
    "slower-with-fields": (_slower_with_fields, "ours"),
    "slower-to-read": (_slower_to_read, "ours"),
    "drawn-each-time": (_drawn_each_time, "ours"),
    "loaded-at-start": (_loaded_at_start, "ours"),
}
