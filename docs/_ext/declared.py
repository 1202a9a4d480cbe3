"""Directives that document what code declares about itself.

They leave nothing to be written twice, so that nothing can be forgotten.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from typing import Any

import click
from docutils import nodes
from docutils.statemachine import StringList
from kind_pictures import picture_lines
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from selvbetjening_core import __version__, testing
from selvbetjening_core.cli.main import main
from selvbetjening_core.composition.register import ComponentOffer, Register, SetContext
from selvbetjening_core.definitions.read_texts import REQUIRED_TEXTS, TEXT_NAMES
from selvbetjening_core.explanations import explanations
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.hooks import ENTRY_POINT_GROUP
from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.testing.conformance import checks_of
from selvbetjening_core.testing.pages import RULES, PageKind, PageRule
from selvbetjening_core.values import KindDeclaration, Setting

INDENT = "   "


class Declared(SphinxDirective):
    """Writes reStructuredText from declarations, and has it parsed."""

    def run(self) -> list[nodes.Node]:
        """The parsed text."""
        return self.parse_text_to_nodes(StringList(list(self.lines()), source="declarations"))

    def lines(self) -> Iterator[str]:
        """The text, line by line."""
        raise NotImplementedError


class FieldKinds(Declared):
    """``.. field-kinds::``: the core's kinds of fields."""

    def lines(self) -> Iterator[str]:
        """One rubric for each kind."""
        for kind in BUILTIN_KINDS:
            yield from kind_lines(kind.declaration)
            yield from picture_lines(kind.declaration.name)


class ShippedPlugins(Declared):
    """``.. shipped-plugins::``: the plugins of this distribution."""

    def lines(self) -> Iterator[str]:
        """One rubric for each plugin."""
        for point in shipped_points():
            yield from rubric(point.name)
            register = registered(point.name, point.module)
            for offer in register.offers:
                yield from offer_lines(offer)
            yield from plugin_settings_lines(point.name, point.module)
            for claim in register.claims:
                if claim.contract is ITheme:
                    yield from theme_lines(claim.component)


class SolutionTexts(Declared):
    """``.. solution-texts::``: the texts a solution may have."""

    def lines(self) -> Iterator[str]:
        """One row for each."""
        rows = [
            (f"``{name}``", "yes" if name in REQUIRED_TEXTS else "", about)
            for name, about in TEXT_NAMES.items()
        ]
        yield from table(("text", "required", "what for"), rows)


class CommandLine(Declared):
    """``.. command-line::``: every command of ``selvbetjening``."""

    def lines(self) -> Iterator[str]:
        """One rubric for each command, with its own help."""
        group = click.Context(main, info_name="selvbetjening", **main.context_settings)
        yield from code_block(main.get_help(group))
        for path, context in commands(main, group):
            yield from rubric(path)
            yield from code_block(context.get_help())


class Codes(Declared):
    """``.. codes::``: every code of a problem or an error, by where it is met."""

    def lines(self) -> Iterator[str]:
        """One rubric for each code."""
        for one in explanations().values():
            yield from rubric(one.code)
            yield from (prose(one.happened), "", prose(one.matters), "")
            yield from (f"*What to do:* {prose(one.do)}", "")
            if one.before:
                yield from ("Before:", "", *code_block(one.before))
            if one.after:
                yield from ("After:" if one.before else "For example:", "", *code_block(one.after))


class ConformanceChecks(Declared):
    """``.. conformance-checks::``: every check of every conformance kit."""

    def lines(self) -> Iterator[str]:
        """One rubric for each kit, with a list of its checks."""
        for name in sorted(testing.KITS):
            kit = getattr(testing, name)
            version = CONTRACTS[kit.contract].version
            yield from (f".. rubric:: {name} ({kit.contract.__name__} {version})", "")
            for one in checks_of(kit).values():
                may = " It may be declared not to apply." if one.optional else ""
                yield from (f"``{one.name}``", f"{INDENT}{one.sentence}{may}", "")


class PageRules(Declared):
    """``.. page-rules::``: what a finished page is held to."""

    def lines(self) -> Iterator[str]:
        """One row for each rule."""
        head = ("number and name", "rule", "asked of", "source")
        yield from table(head, [rule_row(rule) for rule in RULES])


def commands(group: click.Group, above: click.Context) -> Iterator[tuple[str, click.Context]]:
    """Every command below a group, groups in it too: as typed, and ready for its help."""
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        if command is None or command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=above, max_content_width=90)
        yield context.command_path, context
        if isinstance(command, click.Group):
            yield from commands(command, context)


def rule_row(rule: PageRule) -> tuple[str, str, str, str]:
    """One rule as a row."""
    return (f"{rule.number} ``{rule.name}``", rule.text, asked_of(rule), rule.source)


def asked_of(rule: PageRule) -> str:
    """The kinds of page, as a reader would say it."""
    if len(rule.kinds) == len(PageKind):
        return "every page and fragment"
    if rule.kinds == frozenset(PageKind) - {PageKind.FRAGMENT}:
        return "every page"
    if rule.kinds == frozenset(PageKind) - {PageKind.FRAGMENT, PageKind.PLACES}:
        return "every page of a municipality"
    return ", ".join(kind.value for kind in PageKind if kind in rule.kinds)


def kind_lines(kind: KindDeclaration) -> Iterator[str]:
    """One kind: what it is, its keys, and what it tells conditions."""
    yield from rubric(kind.name)
    yield from (kind.help, "")
    rows = [
        (
            f"``{key.name}``",
            key.kind,
            "yes" if key.required else "",
            key.help + choices(key.choices),
        )
        for key in kind.keys
    ]
    yield from table(("key", "kind", "required", "means"), rows)
    told = [
        f"``{'.' if name else ''}{name}`` ({sort})" for name, sort in kind.offers.items() if name
    ]
    if told:
        yield from (f"Conditions may also ask for {', '.join(told)}.", "")


def shipped_points() -> list[metadata.EntryPoint]:
    """The plugins of this distribution, by name."""
    points = metadata.distribution("selvbetjening").entry_points
    return sorted(points.select(group=ENTRY_POINT_GROUP), key=lambda one: one.name)


def registered(name: str, module: str) -> Register:
    """What a plugin offers when asked."""
    context = set_context(name)
    register = Register(context)
    hook = importlib.import_module(module).selvbetjening_register
    called(hook, register=register, context=context)
    return register


def set_context(name: str) -> SetContext:
    """What a plugin's hooks are handed."""
    return SetContext("documentation", "demo", name, __version__)


def called(hook: Callable[..., Any], **given: object) -> Any:
    """What a hook gives; an implementation may leave out arguments that it does not need."""
    return hook(**{name: given[name] for name in inspect.signature(hook).parameters})


def offer_lines(offer: ComponentOffer) -> Iterator[str]:
    """One offer: its contract, and its settings."""
    demo = " *Demo only.*" if offer.demo_only else ""
    contract = f":py:class:`~{offer.contract.__module__}.{offer.contract.__name__}`"
    yield from (f"{offer.help} Implements {contract}.{demo}", "")
    yield from settings_table(offer.settings)


def plugin_settings_lines(name: str, module: str) -> Iterator[str]:
    """The settings of a plugin as a whole, if it has any."""
    hook = getattr(importlib.import_module(module), "selvbetjening_settings", None)
    if hook is None:
        return
    told = f"For the plugin as a whole, under ``[plugin.{name}]`` in the plugin set's file:"
    yield from (told, "", *settings_table(called(hook, context=set_context(name))))


def theme_lines(theme: ITheme) -> Iterator[str]:
    """One theme: what it extends, and its settings."""
    extends = f" It extends the theme ``{theme.extends}``." if theme.extends else ""
    yield from (f"The theme ``{theme.name}``.{extends}", "")
    yield from settings_table(theme.settings)


def settings_table(settings: Sequence[Setting]) -> Iterator[str]:
    """What a municipality may set."""
    head = ("setting", "kind", "required", "means")
    yield from table(head, [setting_row(one) for one in settings])


def setting_row(setting: Setting) -> tuple[str, str, str, str]:
    """One setting as a row."""
    default = "" if setting.default in (None, "") else f" Left out: ``{setting.default}``."
    least = "" if setting.minimum is None else f" At least {setting.minimum}."
    about = f"{setting.help}{choices(setting.choices)}{least}{default}"
    return (f"``{setting.name}``", setting.kind, "yes" if setting.required else "", about)


def choices(words: tuple[str, ...]) -> str:
    """What may be written, where that is a short list."""
    if not words:
        return ""
    told = (f"``{word}``" if word else "nothing" for word in words)
    return f" One of {', '.join(told)}."


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """A table; nothing where there are no rows."""
    if not rows:
        return
    yield from (".. list-table::", f"{INDENT}:header-rows: 1", "")
    for row in (head, *rows):
        for position, cell in enumerate(row):
            yield f"{INDENT}{'* -' if position == 0 else '  -'} {cell}"
    yield ""


def prose(text: str) -> str:
    """Words that are no markup."""
    return re.sub(r"([\\*`|_])", r"\\\1", text)


def rubric(text: str) -> Iterator[str]:
    """A heading below the page's own."""
    yield from (f".. rubric:: {text}", f"{INDENT}:name: {text.replace(' ', '-')}", "")


def code_block(text: str) -> Iterator[str]:
    """Text as it is."""
    yield from (".. code-block:: text", "", *(f"{INDENT}{line}" for line in text.splitlines()), "")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("field-kinds", FieldKinds)
    app.add_directive("shipped-plugins", ShippedPlugins)
    app.add_directive("solution-texts", SolutionTexts)
    app.add_directive("command-line", CommandLine)
    app.add_directive("codes", Codes)
    app.add_directive("page-rules", PageRules)
    app.add_directive("conformance-checks", ConformanceChecks)
    return {"parallel_read_safe": True}
