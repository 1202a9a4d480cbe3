"""What a store is asked at every page of a step: one look, and one thing to save."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from selvbetjening_core.journey.records import Draft, WebSession
from selvbetjening_core.values import Owner
from selvbetjening_core.values.personal import Personal


@dataclass(frozen=True, slots=True, repr=False)
class Visit(Personal):
    """What is known of a citizen who opens a page of a solution. Personal data.

    :param session: None: nobody is logged in, or no longer
    :param draft: the open or paying one of this citizen; None: there is none
    """

    session: WebSession | None = None
    draft: Draft | None = None


@dataclass(frozen=True, slots=True, repr=False)
class StepToSave(Personal):
    """The answers of one step, and what they are kept on condition of. Personal data.

    :param owner: whose draft it has to be
    :param fields: the names of all fields of the step
    :param answers: by field name; those that are not here are not kept
    :param seen: how often the step had been saved when the citizen answered it
    :param edition: that of the draft, as it was last looked at
    :param expected: the draft as it will be, with what was worked out of it; None: that
        is not known
    """

    draft_id: str
    owner: Owner
    step: str
    fields: frozenset[str]
    answers: Mapping[str, object]
    seen: int
    edition: tuple[Any, ...] = ()
    expected: Draft | None = None


class StepSaved(enum.StrEnum):
    """What became of a step that was to be saved.

    *overtaken*: it was saved meanwhile, in another window. *paying*, *submitted*: the
    draft takes no answers any more. *gone*: the citizen has no such draft.
    """

    SAVED = "saved"
    OVERTAKEN = "overtaken"
    PAYING = "paying"
    SUBMITTED = "submitted"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Prolonged:
    """A session that is to last until then."""

    token_hash: str
    expires_at: datetime.datetime
