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
}
FOUND_BY = {
    "field-missing": ("equal",),
    "error-missing": ("equal",),
    "answers-not-kept": ("equal",),
    "forged-form-accepted": ("equal",),
    "compiled-each-time": ("compiled",),
    "slower-with-solutions": ("growth",),
    "slower-with-fields": ("shown",),
}
"""The measurements that must find it; they are green without it."""


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
    from selvbetjening_core.forms.compiled import CompiledStep  # noqa: PLC0415

    render = CompiledStep.render

    def looked_at(self: CompiledStep, state: Any) -> Any:
        for _ in self.step.fields:
            for one in self.step.fields:
                one.label.in_language("da")
        return render(self, state)

    CompiledStep.render = looked_at  # type: ignore[method-assign]


PLANTED: dict[str, tuple[Callable[[], None], str]] = {
    "field-missing": (_field_missing, "fastapi"),
    "error-missing": (_error_missing, "flask"),
    "answers-not-kept": (_answers_not_kept, "ours"),
    "forged-form-accepted": (_forged_form_accepted, "ours"),
    "compiled-each-time": (_compiled_each_time, "ours"),
    "slower-with-solutions": (_slower_with_solutions, "ours"),
    "slower-with-fields": (_slower_with_fields, "ours"),
}
