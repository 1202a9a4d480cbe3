"""The pages on which the kinds are shown: each kind in each state, in each look."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kind_samples import KindSample

from selvbetjening_core.interfaces import ICompiledStep, ITheme
from selvbetjening_core.testing.own import PLUGIN
from selvbetjening_core.testing.pages import Breach, Expected, PageKind, breaches
from selvbetjening_core.testing.sample_pages import common_values, step_values
from selvbetjening_core.testing.themes import ThemeBench
from selvbetjening_core.themes.rendering import PageRenderer, with_extended
from selvbetjening_core.values import FormState, Look

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v10z"/></svg>'
_OWN = {"look": "municipality", "logo": "logo.svg", "colour": "#0b5a63"}


@dataclass(frozen=True, eq=False)
class Dress:
    """A look by name, and the theme it is of."""

    name: str
    bench: ThemeBench
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def theme(self) -> ITheme:
        """The theme."""
        theme: ITheme = self.bench.theme()
        return theme

    @cached_property
    def look(self) -> Look:
        """The municipality's own part of it."""
        return self.bench.look(self.settings)

    @cached_property
    def renderer(self) -> PageRenderer:
        """What makes its pages."""
        return PageRenderer(self.theme, self.bench.themes())

    def static(self, name: str) -> bytes | None:
        """A static file; None if there is none."""
        if name in self.look.files:
            return self.look.files[name]
        for theme in with_extended(self.theme, self.bench.themes()):
            file = (theme.static / name).resolve()
            if file.is_relative_to(theme.static.resolve()) and file.is_file():
                return file.read_bytes()
        return None


def dresses(*, small: bool) -> tuple[Dress, ...]:
    """The built-in look; beside it the national one, and one of a municipality's own."""
    plain = Dress("plain", ThemeBench(plugin=PLUGIN))
    if small:
        return (plain,)
    folder = Path(tempfile.mkdtemp(prefix="selvbetjening-a11y-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "logo.svg").write_text(LOGO, "utf-8")
    national = ThemeBench(plugin="dkfds", folder=folder, design_system=True)
    return (
        plain,
        Dress("dkfds", national, {"look": "borger.dk"}),
        Dress("municipality", national, _OWN),
    )


@dataclass(frozen=True, eq=False)
class KindPage:
    """One kind in one state, look and language, as it is sent to a browser."""

    sample: KindSample
    state: str
    dress: Dress
    locale: str = "da"

    @property
    def path(self) -> str:
        """Where it is served."""
        return f"/{self.dress.name}/{self.locale}/{self.sample.name}/{self.state}"

    @cached_property
    def step(self) -> ICompiledStep:
        """The step that is shown."""
        bench = self.dress.bench
        return self.sample.compiled(self.state, self.locale, self.dress.theme, bench.themes())

    def html(self, state: FormState | None = None, *, logged_in: bool = False) -> str:
        """The page, as it stands or with the step in another state."""
        shown = state or self.sample.in_state(self.step, self.state)
        common = common_values(self.locale, self.dress.look.values, logged_in=logged_in)
        values = common | step_values(self.step, shown, self.locale)
        values["action_url"] = self.path
        values["static_url"] = lambda name: f"/static/{self.dress.name}/{name}"
        return self.dress.renderer.page("step.html", **values)

    def breaches(self, html: str) -> list[Breach]:
        """Where the page, as whoever is logged in has it, breaks one of our rules for pages."""
        fields = self.step.step.fields
        expected = Expected(
            self.locale,
            errors=self.state == "error",
            logged_in=True,
            optional=frozenset(one.name for one in fields if not one.required),
            quoted=self.sample.quoted,
            design_system=self.dress.bench.design_system,
        )
        return breaches(html, PageKind.STEP, expected)


def pages_of(
    samples: tuple[KindSample, ...], dresses: tuple[Dress, ...], locale: str = "da"
) -> Iterator[KindPage]:
    """Each kind in each of its states, in each look."""
    for dress in dresses:
        for sample in samples:
            for state in sample.states:
                yield KindPage(sample, state, dress, locale)
