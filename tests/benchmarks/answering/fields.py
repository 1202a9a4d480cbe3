"""Many fields on one step: our form part against Jinja2's, and whether it grows in line."""

from __future__ import annotations

import datetime
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from answering import ours
from answering.faults import plant
from answering.step import Asked, many
from answering.templates import template
from answering.worker import OURS
from selvbetjening_core.journey.forms import compile_step
from selvbetjening_core.values import FormState, Submitted

Work = Callable[[], object]
_TODAY = datetime.date(2026, 11, 2)


@dataclass(frozen=True)
class Works:
    """What is timed for one number of fields: each call does it once.

    :param drawn: the HTML of ``render`` from the same templates, without compiling
    """

    render: Work
    read: Work
    jinja: Work
    drawn: Work


def works(folder: Path, number: int, fault: str = "") -> Works:
    """The same fields and answers, compiled by us and as a template of Jinja2."""
    plant(fault, OURS)
    asked = many(number)
    application, _ = ours.opened(ours.installation(folder, fields=asked))
    municipality = application.composition.municipalities[ours.CODE]
    solution = municipality.solutions["flytning"].solution
    compiled = compile_step(municipality, solution, solution.steps[0], "da")
    application.close()
    answers = {one.name: one.value for one in asked}
    state = FormState(values=answers, today=_TODAY)
    submitted = Submitted(tuple(answers.items()), _TODAY, {})
    page = _template()
    # The same HTML from the same templates, rendered anew.
    drawn = [plan.maker.view({}, _TODAY).drawn for plan in compiled._plans]
    assert "\n".join(one.html(("Svar",), None) for one in drawn) == compiled.render(state).html
    assert not compiled.read(submitted).errors
    assert compiled.render(state).html.count("<input") == number
    assert _jinja(page, asked, answers).count("<input") == number
    return Works(
        render=lambda: compiled.render(state),
        read=lambda: compiled.read(submitted),
        jinja=lambda: _jinja(page, asked, answers),
        drawn=lambda: [one.html(("Svar",), None) for one in drawn],
    )


def microseconds(work: Work, times: int) -> float:
    """What one call takes of the processor, out of ``times`` in a row."""
    gc.collect()
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) * 1_000_000 / times


def _template() -> jinja2.Template:
    names = ("field.html", "fields.html")
    loader = jinja2.DictLoader({name: template(name) for name in names})
    return jinja2.Environment(autoescape=True, loader=loader).get_template("fields.html")


def _jinja(page: jinja2.Template, asked: tuple[Asked, ...], answers: Any) -> str:
    return page.render(fields=asked, values=answers)
