"""The control of a field that is answered with files.

What is uploaded is no part of what is typed: the files that were taken in come from
the draft, as JSON, and a browser can say nothing about them but by its buttons.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import colander

from selvbetjening_core.forms.control_parts import Given
from selvbetjening_core.texts.formats import file_size


@dataclass(frozen=True, slots=True)
class FilesControl:
    """A file input with a button, and the files that are there with a button each.

    :param blank: the address of the template to fill in, and what is told of it; or nothing
    """

    template: str
    inputs: tuple[str, ...]
    field_id: str
    accepted: str
    limits: str
    most: int
    locale: str
    blank: tuple[str, str] = ("", "")

    def typed(self, given: Given) -> tuple[str, ...]:
        """Nothing: see :meth:`typed_from`."""
        return ("",)

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """The files that were taken in, as JSON."""
        return (cstruct if isinstance(cstruct, str) else "",)

    def cstruct(self, typed: Sequence[str]) -> object:
        """The same."""
        return typed[0] or colander.null

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """The same."""
        return (typed[0],)

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``files`` with name, size and remove, which is what its button sends; and the rest."""
        name = self.inputs[0]
        files = json.loads(slots[0]) if slots[0] else []
        return {
            "files": [
                {
                    "name": one["name"],
                    "size": file_size(one["size"], self.locale),
                    "remove": f"{name}:remove:{one['id']}",
                }
                for one in files
            ],
            "upload": f"{name}:upload",
            "accepted": self.accepted,
            "limit": self.limits,
            "several": self.most > 1,
            "is_full": len(files) >= self.most,
            "template_url": self.blank[0],
            "template_told": self.blank[1],
        }

    def target(self, typed: Sequence[str]) -> str:
        """The file input; without one, the list of files."""
        return self.field_id
