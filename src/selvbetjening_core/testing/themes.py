"""A theme on the bench, and its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.sample_pages import SamplePage, sample_pages
from selvbetjening_core.testing.sent import HOSTILE
from selvbetjening_core.texts import LANGUAGES
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.themes.rendering import PageRenderer, with_extended
from selvbetjening_core.values import ComponentContext, Contact, Look, Setting

# What a browser would fetch from another host; names of XML's are no addresses.
_FOREIGN = re.compile(
    r"""(?:url\(\s*["']?|@import\s+["']|["'`]|\bsrc\s*=\s*["']?)((?:https?:)?//[\w.-]+\.[a-z]{2,})""",
    re.IGNORECASE,
)
_NO_ADDRESSES = ("http://www.w3.org", "https://www.w3.org")
_TEXT_FILES = frozenset({".css", ".js", ".svg"})
_LISTS = frozenset(
    {"prices", "prepare", "laws", "parties", "payment", "deliveries", "actions", "groups"}
    | {"standing", "stages"}
)
_TEXTS = frozenset(
    {"alternative", "lead", "notice", "back_url", "document_url", "price_amount", "amount"}
)
_KEPT = frozenset({"locale", "languages", "csrf_token", "t", "static_url", "look", "session"})


@dataclass(kw_only=True)
class ThemeBench(Bench):
    """A plugin that offers a theme. It has no counterpart.

    :param name: the theme's name; empty for the only one that the plugin offers
    :param looks: what municipalities write under ``[theme]``, one for each look
    :param refused_looks: what the theme's ``look`` refuses
    :param others: themes beside ``plain`` that it extends
    :param design_system: it is dressed in the national design system
    """

    name: str = ""
    looks: tuple[Mapping[str, object], ...] = field(default_factory=lambda: ({},))
    refused_looks: tuple[Mapping[str, object], ...] = ()
    others: tuple[ITheme, ...] = ()
    design_system: bool = False

    def theme(self) -> Any:
        """What the plugin registers."""
        return self._theme

    @cached_property
    def _theme(self) -> Any:
        return self.claim(ITheme, self.name).component

    def themes(self) -> Mapping[str, ITheme]:
        """The theme and those that it may extend, by name."""
        every = (PLAIN, *self.others, self.theme())
        return {one.name: one for one in every}

    @property
    def declared(self) -> tuple[Setting, ...]:
        """What a municipality may set."""
        return tuple(self.theme().settings)

    def look(self, settings: Mapping[str, object]) -> Look:
        """The theme as a municipality with these settings has it.

        :raises ConfigurationError: they are not what is declared
        :raises ValueError: the theme refuses them
        """
        look: Look = self.theme().look(self.look_context(settings))
        return look

    def look_context(self, settings: Mapping[str, object]) -> ComponentContext:
        """What a look with these settings is made from.

        :raises ConfigurationError: they are not what is declared
        """
        checked = self.checked(settings)
        return ComponentContext(self.theme().name, "0773", checked, self.workplace, self.now)


def pages_in(bench: ThemeBench, look: Look) -> Iterator[tuple[str, SamplePage]]:
    """Every page in every state and language, with its HTML."""
    theme, themes = bench.theme(), bench.themes()
    renderer = PageRenderer(theme, themes)
    for locale in LANGUAGES:
        for page in sample_pages(theme, themes, look.values, locale):
            expected = replace(page.expected, design_system=bench.design_system)
            shown = replace(page, name=f"{page.name}, {locale}", expected=expected)
            yield renderer.page(page.template, **page.values), shown


def hostile(page: SamplePage) -> dict[str, object]:
    """The page's values with something hostile in place of every text that is shown."""
    return {
        name: value if name in _KEPT else _hostile(value) for name, value in page.values.items()
    }


def bare(page: SamplePage) -> dict[str, object]:
    """The page's values with nothing in them that a page can do without."""
    empty: dict[str, object] = {
        "authority": "",
        "contact": Contact("", "", "", ""),
        "solution_title": "",
        "user_name": "",
        "accessibility_url": "",
        "privacy_url": "",
        "session": None,
        "demo": False,
        "faults": "",
    }
    gone: dict[str, object] = {name: [] for name in _LISTS & set(page.values)}
    return {**page.values, **empty, **gone, **dict.fromkeys(_TEXTS & set(page.values), "")}


def foreign_addresses(bench: ThemeBench, look: Look) -> Iterator[tuple[str, str]]:
    """Files of the theme that would fetch something from another host, and from where."""
    files = {name: content for name, content in look.files.items() if _is_text(name)}
    static = Path(bench.theme().static)
    files |= {
        str(path.relative_to(static)): path.read_bytes()
        for path in sorted(static.rglob("*"))
        if path.is_file() and _is_text(path.name)
    }
    for name, content in files.items():
        for found in _FOREIGN.finditer(content.decode("utf-8", "replace")):
            if not found.group(1).startswith(_NO_ADDRESSES):
                yield name, found.group(1)


def is_static(bench: ThemeBench, look: Look, name: str) -> bool:
    """Whether a page that names this static file gets one."""
    folders = [one.static for one in with_extended(bench.theme(), bench.themes())]
    return name in look.files or any((Path(folder) / name).is_file() for folder in folders)


def _is_text(name: str) -> bool:
    return Path(name).suffix.lower() in _TEXT_FILES


def _hostile(value: object) -> object:
    if isinstance(value, Markup) or (isinstance(value, str) and value[:1] in ("/", "")):
        return value
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, Contact):
        return Contact(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    if isinstance(value, list | tuple):
        return type(value)(_hostile(one) for one in value)
    return value
