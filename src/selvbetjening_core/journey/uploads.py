"""Files that a citizen sends along: looked at, taken in, and taken out again.

The bytes lie sealed in a folder from the moment they arrive; their key is in memory
alone until the file is taken in. So what is refused, or never comes to its end, is
unreadable from the start, and removed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO

from selvbetjening_core.composition.roles import SCANNER
from selvbetjening_core.definitions.model import FILES, Field
from selvbetjening_core.errors import ComponentMissing, Conflict, Unavailable
from selvbetjening_core.forms.kinds.files import field_limits, template_of, wanted_types
from selvbetjening_core.interfaces import IScanner
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import closed_reason, need_own
from selvbetjening_core.journey.ports import Files, Store, UnitOfWork
from selvbetjening_core.journey.records import Draft, DraftState, KeptFile
from selvbetjening_core.uploads.checks import check_file
from selvbetjening_core.uploads.marks import has_mark
from selvbetjening_core.uploads.names import checked_name
from selvbetjening_core.uploads.refusal import NOT_RECEIVED, FileRefused
from selvbetjening_core.uploads.types import FileType
from selvbetjening_core.values import Answer, Attachment, CaseSnapshot, Identity, ScanResult
from selvbetjening_core.values.personal import Personal

log = logging.getLogger(__name__)

_LEAST_AGE_SECONDS = 3600.0
_AT_ONCE = 500


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class ReceivedFile(Personal):
    """A file that arrived: its bytes are kept, and belong to nobody yet. Personal data.

    :param field: the field that it was sent for
    :param name: as the device gave it; not looked at yet
    :param is_whole: False: it was longer than is read, and what came is not kept
    """

    field: str
    name: str
    id: str
    key: str
    size: int
    sha256: str
    is_whole: bool = True


def add_file(context: JourneyContext, draft: Draft, field: Field, sent: ReceivedFile) -> None:
    """Take in a file for ``field`` of a draft, or remove it.

    The same file twice is one file. Personal data: the file goes to the scanner.

    :raises FileRefused: it is not taken in, and why; the bytes are gone
    :raises Conflict: the draft is being paid for, or was submitted, or is somebody else's by now
    """
    is_kept = False
    try:
        file = _looked_at(context, field, sent)
        _scan(context, draft, file)
        with context.store.transaction(context.code) as work:
            is_kept = _add(context, work, draft, field, file)
    finally:
        if not is_kept:
            discard(context, sent)


def discard(context: JourneyContext, sent: ReceivedFile) -> None:
    """Remove what arrived and was not taken in. What cannot be is left to :func:`sweep`."""
    with contextlib.suppress(OSError):
        files_of(context).remove(context.code, sent.id)


def remove_file(context: JourneyContext, draft: Draft, field: str, file_id: str) -> None:
    """Take a file out of the answer to ``field``. Repeatable: one that is gone is gone.

    :raises Conflict: the draft is being paid for, or was submitted, or is somebody else's by now
    """
    with context.store.transaction(context.code) as work:
        held = _open_draft(work, draft)
        before = listed(held.answers, field)
        left = [one for one in before if one["id"] != file_id]
        # A file of another field stays: its answer would name what is gone.
        if len(left) == len(before) or not work.uploads.remove(draft.id, file_id):
            return
        _answer(context, work, held, field, left)
        _note(context, work, held, "file-removed")
    with contextlib.suppress(OSError):
        files_of(context).remove(context.code, file_id)


def listed(answers: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    """The files in the answer to a field: id, name, type, size and sha256 of each."""
    found = answers.get(field)
    return list(found) if isinstance(found, list) else []


def files_in(case: CaseSnapshot, fields: Sequence[Field]) -> tuple[str, ...]:
    """The ids of the files in the answers of a case, in their order."""
    names = {field.name for field in fields if field.kind == FILES}
    return tuple(
        one["id"]
        for group in case.groups
        for answer in group.answers
        if answer.field in names
        for one in _of(answer)
    )


def attachments(
    files: Files, municipality: str, kept: Sequence[KeptFile]
) -> tuple[Attachment, ...]:
    """The files of a submission as they go out with a parcel. Opens none."""
    return tuple(_attachment(files, municipality, one) for one in kept)


def sweep(
    store: Store, municipality: str, files: Files, at_least: float = _LEAST_AGE_SECONDS
) -> int:
    """Remove files that no row knows: after a crash, a removal, or the end of their time.

    :param at_least: how old one has to be, in seconds: younger ones may be arriving
    :returns: how many were removed
    """
    old = sorted(files.older_than(municipality, at_least))
    removed = 0
    for first in range(0, len(old), _AT_ONCE):
        some = set(old[first : first + _AT_ONCE])
        with store.transaction(municipality) as work:
            unknown = some - set(work.uploads.known(some))
        for file_id in unknown:
            files.remove(municipality, file_id)
        removed += len(unknown)
    return removed


def files_of(context: JourneyContext) -> Files:
    """Where bytes are kept.

    :raises RuntimeError: this process was not given a place
    """
    if context.files is None:
        raise RuntimeError("this process keeps no files")
    return context.files


def _looked_at(context: JourneyContext, field: Field, sent: ReceivedFile) -> KeptFile:
    limits = field_limits(field, context.municipality.file.uploads)
    name = checked_name(sent.name)
    if not sent.is_whole or sent.size > limits.file_bytes:
        raise FileRefused("file_too_large", size=limits.file_bytes)
    try:
        with files_of(context).open(context.code, sent.id, sent.key) as content:
            found = check_file(name, content, sent.size, wanted_types(field))
            _check_template(field, found, content)
    except OSError as error:
        log.error("a file that arrived cannot be read: %s", type(error).__name__)  # noqa: TRY400 - a path tells nothing more
        raise FileRefused(NOT_RECEIVED) from None
    return KeptFile(sent.id, name, found.media_type, sent.size, sent.sha256, sent.key)


def _check_template(field: Field, found: FileType, content: BinaryIO) -> None:
    """A file of the template's type is a copy of it, where that can be told."""
    template = template_of(field)
    if template is None or not template.mark or template.type != found:
        return
    if not has_mark(found.name, content, template.mark):
        raise FileRefused("not_the_template")


def _scan(context: JourneyContext, draft: Draft, file: KeptFile) -> None:
    """Without a clean verdict nothing is taken in, whatever the reason. Outside of transactions.

    :raises FileRefused: it is not clean, or nobody can tell
    """
    attachment = _attachment(files_of(context), context.code, file)
    try:
        scanner = context.municipality.component(IScanner, SCANNER, draft.solution)
        verdict = scanner.scan(attachment)
    except (Unavailable, ComponentMissing, OSError) as error:
        log.error("a file could not be scanned in %s: %s", context.code, type(error).__name__)  # noqa: TRY400 - a trace may show values
        raise FileRefused(NOT_RECEIVED) from None
    if verdict.result is ScanResult.CLEAN:
        return
    is_infected = verdict.result is ScanResult.INFECTED
    with context.store.transaction(context.code) as work:
        event = "file-infected" if is_infected else "file-refused"
        _note(context, work, draft, event, verdict.finding)
    raise FileRefused("virus" if is_infected else "unreadable")


def _add(
    context: JourneyContext, work: UnitOfWork, draft: Draft, field: Field, file: KeptFile
) -> bool:
    """Whether its bytes are kept; False: it is there already."""
    held = _open_draft(work, draft)
    before = listed(held.answers, field.name)
    if any(one["sha256"] == file.sha256 and one["name"] == file.name for one in before):
        return False
    most = field_limits(field, context.municipality.file.uploads).field_files
    if len(before) >= most:
        raise FileRefused("too_many_files", max=most)
    now = work.now()
    work.uploads.add(draft.id, file, now)
    described = {
        "id": file.id,
        "name": file.name,
        "type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
    }
    _answer(context, work, held, field.name, [*before, described])
    _note(context, work, held, "file-added")
    return True


def _open_draft(work: UnitOfWork, draft: Draft) -> Draft:
    """``draft`` as it is now, held: a slow upload may find it moved by a code."""
    held = need_own(work.drafts.get(draft.id, hold=True), draft.identity.owner)
    if held is None or held.state is not DraftState.OPEN:
        raise Conflict(closed_reason(held))
    return held


def _answer(
    context: JourneyContext,
    work: UnitOfWork,
    held: Draft,
    field: str,
    files: Sequence[Mapping[str, Any]],
) -> None:
    others = {name: value for name, value in held.answers.items() if name != field}
    answers = {**others, field: list(files)} if files else others
    if not work.drafts.save_apart(dataclasses.replace(held, answers=answers), context.now()):
        raise Conflict(closed_reason(work.drafts.get(held.id)))


def _note(
    context: JourneyContext, work: UnitOfWork, draft: Draft, event: str, finding: str = ""
) -> None:
    """Never the file's name: it is personal data."""
    work.audit.add(
        event,
        draft.id,
        context.now(),
        finding,
        way=AuditWay.CITIZEN,
        purpose=draft.solution,
        persons=(draft.identity.cpr,) if isinstance(draft.identity, Identity) else (),
    )


def _of(answer: Answer) -> list[Any]:
    return answer.value if isinstance(answer.value, list) else []


def _attachment(files: Files, municipality: str, file: KeptFile) -> Attachment:
    return Attachment(
        file.name,
        file.media_type,
        file.size,
        file.sha256,
        partial(files.open, municipality, file.id, file.key),
    )
