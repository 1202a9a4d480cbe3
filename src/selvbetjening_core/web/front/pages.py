"""Whole pages of steps, compiled: the theme's templates are run once for each variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup
from pyramid.request import Request

from selvbetjening_core.bounded import Bounded
from selvbetjening_core.forms.segments import (
    PROBES,
    NotCompilable,
    Segments,
    compile_template,
    escaped_each_in_utf8,
)
from selvbetjening_core.journey.progress import Progress
from selvbetjening_core.journey.records import WebSession
from selvbetjening_core.values import Rendered
from selvbetjening_core.web.front.places import Place
from selvbetjening_core.web.pages import page_values
from selvbetjening_core.web.session_time import unusual_minutes
from selvbetjening_core.web.sessions import can_prolong
from selvbetjening_core.web.step_page import (
    hidden_inputs,
    is_without_register,
    page_code,
    step_page,
)

_MOST_PAGES = 2048
_FIELDS = 5
"""Which slot holds the fields."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """The segments of a page as they are sent: in UTF-8."""

    texts: tuple[bytes, ...]
    slots: tuple[int, ...]

    @classmethod
    def of(cls, segments: Segments) -> Encoded:
        """The same, encoded."""
        return cls(tuple(text.encode() for text in segments.texts), segments.slots)

    def fill(self, values: Sequence[str], fields: str) -> bytes:
        """The page with ``values`` escaped and in place, and ``fields`` as they are."""
        encoded = escaped_each_in_utf8(values)
        encoded.insert(_FIELDS, fields.encode())
        pieces = [b""] * (len(self.texts) + len(self.slots))
        pieces[::2] = self.texts
        pieces[1::2] = [encoded[slot] for slot in self.slots]
        return b"".join(pieces)


_REFUSED = Encoded((b"",), ())
"""Stands for a page that cannot be compiled, so that it is tried once."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown to one citizen at one moment. Personal data: the answers.

    :param session: of the citizen, who is logged in
    :param left: when the login ends, and in how many seconds
    :param nonce: of this page alone
    """

    place: Place
    progress: Progress
    rendered: Rendered
    session: WebSession
    left: tuple[str, int]
    nonce: str

    def variant(self) -> tuple[object, ...]:
        """What the page is besides its slots: two with the same variant differ in those alone.

        Whatever :func:`~selvbetjening_core.web.step_page.step_page` and
        :func:`~selvbetjening_core.web.pages.page_values` decide on stands here, or is
        the same at one place.
        """
        place, progress = self.place, self.progress
        before = progress.before(place.step)
        return (
            place,
            progress.position(place.step),
            len(progress.steps),
            before.name if before else "",
            place.asks_for_people and is_without_register(progress, place.step),
            len(self.rendered.error_links),
            can_prolong(self.session),
            unusual_minutes(self.session),
            bool(self.session.identity.name),
        )

    def slots(self) -> list[str]:
        """What differs from citizen to citizen, in the order of :func:`_with_slots`.

        But for the fields, which are finished.
        """
        ends_at, seconds = self.left
        found = [
            self.session.identity.name,
            self.session.csrf_token,
            self.nonce,
            ends_at,
            str(seconds),
        ]
        found += [value for _, value in hidden_inputs(self.progress, self.place.step)]
        for target, message in self.rendered.error_links:
            found += (target, message)
        if self.rendered.error_links:
            found.append(self._help_code())
        return found

    def _help_code(self) -> str:
        place = self.place
        solution = place.offered.solution
        return page_code(place.context, solution, place.step, self.rendered, place.locale)

    def request(self) -> Request:
        """A request to the place by this citizen, for what the template is given."""
        request = self.place.request()
        request.may_use_session = True
        request.web_session, request.staff_session = self.session, None
        return request


class Pages:
    """The compiled pages. Hold nobody's data; safe to share between threads."""

    def __init__(self) -> None:
        self._kept: Bounded[tuple[object, ...], Encoded] = Bounded(_MOST_PAGES)

    def html(self, shown: Shown) -> bytes | None:
        """The whole page in UTF-8; None where the theme does more with a value than print it.

        Personal data: the answers.
        """
        segments = self._kept.made(shown.variant(), lambda: _compiled(shown))
        return None if segments is _REFUSED else segments.fill(shown.slots(), shown.rendered.html)


def _compiled(shown: Shown) -> Encoded:
    request = shown.request()
    page = step_page(request, shown.progress, shown.place.step, shown.rendered)
    values = page_values(request, page)
    renderer = request.registry.looks.renderer(request.municipality)

    def render(slots: Sequence[str]) -> str:
        html: str = renderer.page(page.template, **_with_slots(values, slots))
        return html

    slots = shown.slots()
    slots.insert(_FIELDS, Markup(shown.rendered.html))  # noqa: S704 - by the form component
    # Whether a value is there belongs to the variant, so it is not tried without.
    probes = [[probe] * len(slots) for probe in PROBES if probe]
    try:
        return Encoded.of(compile_template(render, len(slots), [*probes, slots]))
    except NotCompilable:
        return _REFUSED
    except Exception:  # noqa: BLE001 - a template may do anything with a marker
        return _REFUSED


def _with_slots(values: Mapping[str, Any], slots: Sequence[str]) -> dict[str, Any]:
    """The values of a template with those that differ from citizen to citizen put in."""
    name, token, nonce, ends_at, seconds, fields, *rest = slots
    hidden, links = values["hidden"], values["error_links"]
    told = rest[len(hidden) :]
    pairs = told[: 2 * len(links)]
    return {
        **values,
        # Of a guest there is none, which belongs to the variant.
        "user_name": name if values["user_name"] else "",
        "csrf_token": token,
        "csp_nonce": nonce,
        "session": replace(values["session"], ends_at=ends_at, seconds=seconds),
        "fields": fields,
        "hidden": [(pair[0], value) for pair, value in zip(hidden, rest, strict=False)],
        "error_links": tuple(zip(pairs[::2], pairs[1::2], strict=True)),
        # Without anything wrong it is the same for everybody.
        "help_code": told[-1] if links else values["help_code"],
    }
