"""The kit for plugins that offer a theme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar

import jinja2
from bs4 import BeautifulSoup
from zope.interface.exceptions import Invalid
from zope.interface.verify import verifyObject

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.errors import ConfigurationError, DefinitionError
from selvbetjening_core.forms.groups import ROWS
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.forms.makers import Ready, view_maker
from selvbetjening_core.forms.planning import Filled, composition
from selvbetjening_core.interfaces import IFieldKind, ITheme
from selvbetjening_core.testing.common import called
from selvbetjening_core.testing.conformance import (
    Conformance,
    broken,
    check,
    does_not_apply,
    expect,
)
from selvbetjening_core.testing.pages import breaches
from selvbetjening_core.testing.pages.frame import is_relayed
from selvbetjening_core.testing.sample_pages import (
    AUTHORITY,
    FIELD_TEMPLATES,
    TEMPLATES,
    overtaken_answers,
)
from selvbetjening_core.testing.sample_steps import ABOUT
from selvbetjening_core.testing.sent import HOSTILE
from selvbetjening_core.testing.themes import (
    ThemeBench,
    bare,
    foreign_addresses,
    hostile,
    is_static,
    pages_in,
)
from selvbetjening_core.testing.watching import watching
from selvbetjening_core.texts import texts_for
from selvbetjening_core.themes.rendering import PageRenderer, environment, with_extended
from selvbetjening_core.values import Look, Setting, StepRequest

_WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NEED_A_CITIZEN = frozenset({"fact", "files"})


class ThemeConformance(Conformance):
    """What a plugin that offers an ``ITheme`` is held to."""

    contract: ClassVar = ITheme
    bench_type: ClassVar = ThemeBench

    @check(
        "contract",
        "The theme provides its contract: name, folders, settings with help, and a look.",
        da="Temaet opfylder sin kontrakt: navn, mapper, indstillinger med hjælp og et udseende.",
    )
    def test_contract(self, bench: ThemeBench) -> None:
        """zope.interface verifies it, and the folders are there."""
        theme = bench.theme()
        try:
            verifyObject(ITheme, theme)
        except Invalid as wrong:
            broken(" ".join(str(wrong).split()))
        expect(_WORD.fullmatch(theme.name), "the name is no word in lower case")
        for folder in (theme.templates, theme.static):
            expect(isinstance(folder, Path) and folder.is_dir(), f"{folder!r} is no folder")
        for setting in theme.settings:
            whole = isinstance(setting, Setting) and setting.help.strip().endswith(".")
            expect(whole, "a setting has no help, or is no Setting")

    @check(
        "every-template",
        "Every template is there, its own or that of the theme it extends, and can be compiled.",
        da="Alle skabeloner findes, temaets egne eller det tema, det udvider, og kan oversættes.",
    )
    def test_every_template(self, bench: ThemeBench) -> None:
        """Each page, each field, and what else is in the folder."""
        made = called(lambda: environment(bench.theme(), bench.themes()))
        if isinstance(made.error, DefinitionError):
            broken(str(made.error))
        own = [path for path in bench.theme().templates.rglob("*.html") if path.is_file()]
        names = [path.relative_to(bench.theme().templates).as_posix() for path in sorted(own)]
        for name in (*TEMPLATES, *FIELD_TEMPLATES, *names):
            found = called(partial(made.value.get_template, name))
            if isinstance(found.error, jinja2.TemplateNotFound):
                broken(f"{found.error.name} is missing")
            if isinstance(found.error, jinja2.TemplateSyntaxError):
                broken(f"{name}:{found.error.lineno}: {found.error.message}")

    @check(
        "fields-compiled",
        "Its field templates print values and do nothing else with them, so that they are compiled"
        " once.",
        da="Feltskabeloner udskriver værdier og gør intet andet med dem, så de oversættes én gang.",
    )
    def test_fields_compiled(self, bench: ThemeBench) -> None:
        """Otherwise each field is drawn anew for each citizen, and pages are slow."""
        jinja = environment(bench.theme(), bench.themes())
        kinds = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
        for asked in ABOUT.fields:
            if asked.kind in _NEED_A_CITIZEN:
                continue
            if kinds[asked.kind].declaration.group:
                self._frames_compiled(asked, bench, kinds)
                continue
            made = called(partial(view_maker, asked, kinds[asked.kind], "da", jinja))
            if made.error is not None:
                broken(f"the field of the kind {asked.kind} {made.described}")
            ready = isinstance(made.value, Ready)
            expect(ready, f"the template of the kind {asked.kind} does more than print values")

    def _frames_compiled(
        self, asked: Field, bench: ThemeBench, kinds: Mapping[str, IFieldKind]
    ) -> None:
        request = StepRequest(None, ABOUT, "da", bench.theme(), bench.themes(), kinds)  # type: ignore[arg-type]
        jinja = environment(bench.theme(), bench.themes())
        made = called(lambda: composition(asked, request, jinja))
        if made.error is not None:
            broken(f"the field of the kind {asked.kind} {made.described}")
        frames = [*made.value.frame.values()]
        if kinds[asked.kind].declaration.group == ROWS:
            frames += made.value.row(1).frame.values()
        ready = all(isinstance(frame, Filled) for frame in frames)
        expect(ready, f"the template of the kind {asked.kind} does more than print values")

    @check(
        "page-rules",
        "Every page in every state, language and look keeps every rule for pages.",
        da="Hver side i hver tilstand, på hvert sprog og i hvert udseende overholder alle"
        " sideregler.",
    )
    def test_page_rules(self, bench: ThemeBench) -> None:
        """Empty, filled in, one mistake, nothing but mistakes; logged in and out."""
        for look in _looks(bench):
            for html, page in pages_in(bench, look):
                found = breaches(html, page.kind, page.expected)
                expect(not found, f"{page.name}: {'; '.join(map(str, found[:3]))}")

    @check(
        "bare-pages",
        "Pages can be made with everything left out that a page can do without.",
        da="Sider kan laves uden alt det, en side kan undvære.",
    )
    def test_bare_pages(self, bench: ThemeBench) -> None:
        """No municipality, nobody logged in, nothing in any list."""
        renderer = PageRenderer(bench.theme(), bench.themes())
        for _, page in pages_in(bench, _looks(bench)[0]):
            for authority in ("", AUTHORITY):
                values = {**bare(page), "authority": authority}
                made = called(partial(renderer.page, page.template, **values))
                if made.error is not None:
                    broken(f"{page.name}, bare: {type(made.error).__name__}: {made.error}")
                for gone in ('action="/-/log-af"', 'href="tel:"', 'href="mailto:"'):
                    expect(gone not in made.value, f"{page.name}, bare: it has {gone}")

    @check(
        "escaped",
        "Whatever stands in a text is text on the page, never markup.",
        da="Det, der står i en tekst, er tekst på siden, aldrig kode.",
    )
    def test_escaped(self, bench: ThemeBench) -> None:
        """In every value of every page."""
        renderer = PageRenderer(bench.theme(), bench.themes())
        for _, page in pages_in(bench, _looks(bench)[0]):
            html = renderer.page(page.template, **hostile(page))
            scripts = BeautifulSoup(html, "html.parser").select("script:not([src])")
            is_escaped = HOSTILE not in html and not scripts
            expect(is_escaped, f"{page.name}: a text became markup")

    @check(
        "tokens",
        "Every form posts to us, and carries the token against forgery.",
        da="Alle formularer sendes til os og har mærket mod forfalskning med.",
    )
    def test_tokens(self, bench: ThemeBench) -> None:
        """Without the token the core refuses the form."""
        for html, page in pages_in(bench, _looks(bench)[0]):
            for form in BeautifulSoup(html, "html.parser").select("form"):
                is_post = str(form.get("method", "")).lower() == "post"
                token = form.select_one('input[name="csrf_token"][value="token-1"]')
                is_proven = token is not None or is_relayed(form)
                expect(is_post and is_proven, f"{page.name}: a form without post, or without token")

    @check(
        "nothing-foreign",
        "Style sheets, scripts and pictures fetch nothing from another host.",
        da="Typografiark, scripts og billeder henter intet fra andre.",
    )
    def test_nothing_foreign(self, bench: ThemeBench) -> None:
        """Those of the theme, and those made for one municipality."""
        for look in _looks(bench):
            for name, address in foreign_addresses(bench, look):
                broken(f"{name} names {address}")

    @check(
        "static-there",
        "Every static file that a page names is there.",
        da="Alle de filer, en side nævner, findes.",
    )
    def test_static_there(self, bench: ThemeBench) -> None:
        """In the look, in the theme, or in the theme it extends."""
        for look in _looks(bench):
            for html, page in pages_in(bench, look):
                for name in re.findall(r'["\']/static/([^"\'?#]+)', html):
                    expect(is_static(bench, look, name), f"{page.name}: {name} is not there")

    @check(
        "demo-told",
        "Every page of a demonstration says that it is one, and what misbehaves on purpose.",
        da="Hver side i en demonstration siger, at den er det, og hvad der fejler med vilje.",
    )
    def test_demo_told(self, bench: ThemeBench) -> None:
        """So that nobody takes it for the real thing."""
        renderer = PageRenderer(bench.theme(), bench.themes())
        for _, page in pages_in(bench, _looks(bench)[0]):
            t = texts_for(page.expected.locale).t
            for demo, faults in ((True, ""), (True, "betaling"), (False, "")):
                values = {**page.values, "demo": demo, "faults": faults}
                words = BeautifulSoup(renderer.page(page.template, **values), "html.parser")
                told = " ".join(words.get_text(" ").split())
                is_told = (t("layout.demo") in told) is demo
                expect(is_told, f"{page.name}: whether it is a demonstration is not told")
                is_told = not faults or t("faults.told", what=faults) in told
                expect(is_told, f"{page.name}: what misbehaves on purpose is not told")

    @check(
        "overtaken-told",
        "A step that another window has saved meanwhile shows, of each answer that differs, both.",
        da="Et trin, som et andet vindue har gemt imens, viser begge svar, hvor de er forskellige.",
    )
    def test_overtaken_told(self, bench: ThemeBench) -> None:
        """Otherwise the later save would win without a word."""
        for html, page in pages_in(bench, _looks(bench)[0]):
            if not page.values.get("overtaken"):
                continue
            words = " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())
            t = texts_for(page.expected.locale).t
            for told in overtaken_answers(page.expected.locale):
                both = re.search(".*?".join(map(re.escape, told)), words)
                expect(both, f"{page.name}: {told[0]}: not both answers")
            for key in ("overtaken.save_here", "overtaken.take_saved"):
                expect(t(key) in words, f'{page.name}: no "{t(key)}"')

    @check(
        "look-no-effect",
        "Making a look has no effect, and gives the same look every time.",
        da="At lave et udseende har ingen virkning og giver det samme hver gang.",
    )
    def test_look_no_effect(self, bench: ThemeBench) -> None:
        """It is made whenever a municipality's file is checked or read."""
        for settings in bench.looks:
            first, theme = bench.look(settings), bench.theme()
            context = bench.look_context(settings)
            with watching() as effects:
                again = theme.look(context)
            expect(isinstance(again, Look), f"look gives {type(again).__name__}")
            expect(not effects, f"making a look {effects[0] if effects else ''}")
            expect(again == first, "the same settings give another look")
            for name, content in again.files.items():
                expect(isinstance(content, bytes), f"the file {name} of the look is no bytes")

    @check(
        "looks-apart",
        "What one municipality has set is on no page of another.",
        da="Det, én kommune har indstillet, står ikke på en andens sider.",
    )
    def test_looks_apart(self, bench: ThemeBench) -> None:
        """One theme serves every municipality of a plugin set."""
        alone = [bench.look(settings) for settings in bench.looks]
        theme = bench.theme()
        for number, look in enumerate(alone):
            expect(look not in alone[:number], "two municipalities' settings give one look")
        contexts = [bench.look_context(settings) for settings in bench.looks]
        for context, wanted in [*zip(contexts, alone, strict=True)] * 2:
            expect(theme.look(context) == wanted, "a look changes when another has been made")

    @check(
        "wrong-look-refused",
        "Settings that cannot be used are refused with a sentence that says what to do.",
        da="Indstillinger, der ikke kan bruges, afvises med en sætning om, hvad man skal gøre.",
        optional=True,
    )
    def test_wrong_look_refused(self, bench: ThemeBench) -> None:
        """Before a citizen sees it: the municipality's file is refused with it."""
        if not bench.refused_looks:
            does_not_apply(
                "the bench names no look that is refused",
                da="prøven nævner intet udseende, der afvises",
            )
        for settings in bench.refused_looks:
            made = called(partial(bench.look, settings))
            told = isinstance(made.error, ValueError | ConfigurationError)
            expect(told, f"settings that cannot be used {made.described}")
            is_sentence = isinstance(made.error, ConfigurationError) or " " in str(made.error)
            expect(is_sentence, "it is not said what is wrong")

    @check(
        "extends",
        "The theme it extends, if any, is there, and it does not extend itself.",
        da="Det tema, det udvider, hvis noget, findes, og det udvider ikke sig selv.",
    )
    def test_extends(self, bench: ThemeBench) -> None:
        """``plain``, or one of the bench's ``others``."""
        chain = called(lambda: with_extended(bench.theme(), bench.themes()))
        if chain.error is not None:
            broken(str(chain.error))


def _looks(bench: ThemeBench) -> list[Look]:
    return [bench.look(settings) for settings in bench.looks]
