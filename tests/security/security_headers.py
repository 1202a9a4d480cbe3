"""Headers on every route and status; what browsers stop; and pages in frames."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import headers_browser
import headers_faults
import suite
from headers_rules import FRAMED, Answer, Declared, breaches
from headers_sweep import Recorder, route_of, routes, sweep
from town import quiet

from selvbetjening_core.web.app import make_app
from walking import town as walking_town
from walking.chromium import NoBrowser, running_chromium
from walking.looks import LOOKS, PLAIN, Look
from walking.town import Town, served_town

ABOUT = (
    "Every route of the router, asked for with every method by nobody, a citizen and staff, over"
    " http and https, well and with the database, a view, a theme, a tween and the maker of"
    " requests broken: every answer carries its headers, and a policy that allows nothing that is"
    " not declared. Chromium then walks a journey in each look, and meets pages in frames of a site"
    " that the municipality names and of one that it does not, with third-party cookies blocked."
)
FAULTS = headers_faults.FAULTS
_WITH_LOGIN = ("step", "staff")
_LEAST_STATUSES = frozenset({200, 303, 304, 400, 403, 404, 413, 500, 503})


def run(options: suite.Options) -> suite.Result:
    """All of it; in a small run Chromium sees the frames and one look's login alone."""
    missed: list[str] = []
    figures: dict[str, object] = {}
    with headers_faults.planted(options.fault), quiet(), contextlib.ExitStack() as stack:
        host = stack.enter_context(headers_browser.framing_site())
        site = stack.enter_context(_site(PLAIN, host.origins))
        sweep(site.recorder, site.town.provider, small=options.small)
        figures |= _held(site, missed)
        with contextlib.suppress(NoBrowser):
            if options.fault in ("", *headers_faults.SEEN_IN_BROWSER):
                looks = [PLAIN] if options.small else list(LOOKS.values())
                figures |= _browsed(site, host, looks, missed, small=options.small)
    return suite.Result(figures, missed)


@dataclass
class _Site:
    town: Town
    recorder: Recorder
    ancestors: Sequence[str]

    @property
    def declared(self) -> Declared:
        return Declared(frozenset({self.town.provider.url}), frozenset(self.ancestors))


@dataclass(frozen=True, slots=True)
class _Framing(Look):
    """A look, in municipalities that let some sites frame their pages."""

    ancestors: tuple[str, ...] = ()

    def dress(self, folder: Path) -> None:
        Look(self.name, self.lines).dress(folder)
        listed = ", ".join(f'"{one}"' for one in self.ancestors)
        for file in (folder / "municipalities").glob("*.toml"):
            file.write_text(f"{file.read_text('utf-8')}\n[framing]\nancestors = [{listed}]\n")


@contextlib.contextmanager
def _site(look: Look, ancestors: Sequence[str]) -> Iterator[_Site]:
    """A town whose every answer is kept."""
    made: list[Recorder] = []

    def recorded(site: object) -> Recorder:
        made.append(Recorder(make_app(site)))  # type: ignore[arg-type]
        return made[0]

    framing = _Framing(look.name, look.lines, tuple(ancestors))
    with (
        tempfile.TemporaryDirectory(prefix="headers-") as folder,
        mock.patch.object(walking_town, "make_app", recorded),
        served_town(Path(folder) / "town", framing) as town,
    ):
        yield _Site(town, made[0], ancestors)


def _held(site: _Site, missed: list[str]) -> dict[str, object]:
    """Hold every answer so far to the rules."""
    answers = site.recorder.answers
    found = Counter(told for one in answers for told in breaches(one, site.declared))
    missed.extend(f"{told}: {count} answers" for told, count in found.most_common(5))
    nonces = Counter(nonce for one in answers for nonce in one.nonces)
    missed.extend(f"a nonce was used {n} times" for n in nonces.values() if n > 1)
    asked = {(route_of(site.recorder.registry, one.path), one.status) for one in answers}
    missed.extend(_left_out(site, asked))
    missed.extend(_allowed(site, answers))
    return {
        "routes": len(routes(site.recorder.registry)),
        "routes and statuses": len(asked),
        "answers": len(answers),
        "with something missing": sum(any(breaches(one, site.declared)) for one in answers),
        "nonces": len(nonces),
    }


def _left_out(site: _Site, asked: set[tuple[str, int]]) -> Iterator[str]:
    """What this run did not come to, and would not have seen."""
    for route in sorted(set(routes(site.recorder.registry)) - {route for route, _ in asked}):
        yield f"the route {route} was not reached"
    for status in sorted(_LEAST_STATUSES - {status for _, status in asked}):
        yield f"nothing was answered with {status}"
    for route in _WITH_LOGIN:
        if (route, 200) not in asked:
            yield f"nobody was logged in at the route {route}"


def _allowed(site: _Site, answers: Sequence[Answer]) -> Iterator[str]:
    """The way to the provider is open from where it begins, and frames where they may be."""
    shown = [one for one in answers if one.path == "/sundhedskort" and one.status == 200]
    pages = [one for one in shown if one.method == "GET"]
    forms = [set(one.policy.get("form-action", ())) for one in pages]
    if not forms or any(site.town.provider.url not in one for one in forms):
        yield "a form may not lead to the login that is declared"
    framed = [one for one in answers if one.path.startswith(FRAMED) and one.status == 200]
    if not framed:
        yield "no page was shown for frames"


def _browsed(
    site: _Site,
    host: headers_browser.FramingSite,
    looks: Sequence[Look],
    missed: list[str],
    *,
    small: bool,
) -> dict[str, object]:
    """What Chromium has to say."""
    counted: Counter[str] = Counter()
    with running_chromium() as chromium:
        counted += headers_browser.frames(chromium, site.town, host, missed)
        for look in looks:
            with _site(look, host.origins) as dressed:
                counted += headers_browser.journey(chromium, dressed.town, missed, small=small)
                _held_in_browser(dressed, missed)
    return {name: counted[name] for name in headers_browser.FIGURES}


def _held_in_browser(site: _Site, missed: list[str]) -> None:
    found = Counter(told for one in site.recorder.answers for told in breaches(one, site.declared))
    missed.extend(f"to the browser: {told}: {count} answers" for told, count in found.items())
