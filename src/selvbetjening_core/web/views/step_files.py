"""The buttons of a step's form that upload a file, and take one out again.

A button of a form sends ``do`` with the value ``FIELD:VERB`` or ``FIELD:VERB:ARGUMENT``.
What was typed stays as it is, and nothing is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyramid.request import Request

from selvbetjening_core.definitions.model import FILES
from selvbetjening_core.errors import Conflict
from selvbetjening_core.forms.messages import error_message
from selvbetjening_core.journey.uploads import add_file, remove_file
from selvbetjening_core.texts.formats import file_size
from selvbetjening_core.uploads.refusal import NOT_RECEIVED, FileRefused
from selvbetjening_core.web.step_page import BUTTON

if TYPE_CHECKING:
    from selvbetjening_core.definitions.model import Field, Step
    from selvbetjening_core.journey.progress import Progress

_UPLOAD, _REMOVE = "upload", "remove"


@dataclass(frozen=True, slots=True)
class Act:
    """What a button asks for: of which field, what, and with what."""

    field: str
    verb: str
    argument: str = ""


def _act_of(request: Request) -> Act | None:
    """The button that was pressed; None: the one that goes on."""
    field, _, rest = dict(request.form).get(BUTTON, "").partition(":")
    verb, _, argument = rest.partition(":")
    return Act(field, verb, argument) if field else None


def act_on_files(request: Request, progress: Progress, step: Step) -> dict[str, str]:
    """Take in what was sent along, and do what the button asks for.

    Files are taken in whichever button was pressed: one who has chosen a file and
    goes on has sent it.

    :returns: a finished message for each field whose file was not taken in
    :raises Conflict: the draft is closed
    """
    act = _act_of(request)
    fields = {field.name: field for field in step.fields if field.kind == FILES}
    if act is not None and act.verb == _REMOVE and act.field in fields:
        remove_file(request.journey, progress.draft, act.field, act.argument)
    refused: dict[str, FileRefused] = {}
    sent = {one.field for one in request.files}
    if act is not None and act.verb == _UPLOAD and act.field in fields and act.field not in sent:
        refused[act.field] = FileRefused("no_file")
    if not sent <= fields.keys():
        raise Conflict("stale_form")
    refused = {**_take_in(request, progress, fields), **refused}
    return {name: _message(request, fields[name], why) for name, why in refused.items()}


def _take_in(
    request: Request, progress: Progress, fields: Mapping[str, Field]
) -> dict[str, FileRefused]:
    """Take in what was sent along, file by file. What was not, by field."""
    refused: dict[str, FileRefused] = {}
    while request.files:
        one = request.files[0]
        try:
            add_file(request.journey, progress.draft, fields[one.field], one)
        except FileRefused as why:
            refused.setdefault(one.field, why)
            if why.reason == NOT_RECEIVED:
                # Nobody can look through files now: each would wait as long for its answer.
                return {**dict.fromkeys((left.field for left in request.files), why), **refused}
        # Taken in, or removed: either way it is not left over.
        request.files.pop(0)
    return refused


def _message(request: Request, field: Field, why: FileRefused) -> str:
    values = dict(why.values)
    if "size" in values:
        values["size"] = file_size(int(str(values["size"])), request.locale)
    return error_message(field, why.reason, values, request.locale)
