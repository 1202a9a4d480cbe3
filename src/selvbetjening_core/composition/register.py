"""Where a plugin says what it offers."""

from __future__ import annotations

import datetime
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zope.interface.interface import InterfaceClass
from zope.interface.registry import Components

from selvbetjening_core.composition.secrets import CORE_SCHEMES, SCHEME
from selvbetjening_core.files.origins import is_safe_origin
from selvbetjening_core.interfaces import IFieldKind, IImporter, ISecrets, ISolutions, ITheme
from selvbetjening_core.problems import Place
from selvbetjening_core.values import (
    ComponentContext,
    Data,
    KindDeclaration,
    PageNeeds,
    Setting,
    Task,
)

FORMAT = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)
"""How an importer's format is written."""


@dataclass(frozen=True, slots=True)
class SetContext:
    """What a plugin may know about the set it registers in.

    ``settings`` are those the plugin declares for itself as a whole, as the
    plugin set's file fills them in.
    """

    plugin_set: str
    mode: str
    plugin: str
    version: str
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComponentOffer:
    """A plugin's implementation of a contract, ready to be configured.

    ``place`` is where in the plugin's code it was offered. ``reads`` is the
    personal data it is given, ``holds`` what it keeps of it, in words;
    ``built_for`` the version of the contract it was written for; ``sends_to`` where it
    sends the browser: origins, and names of settings that hold an address; ``needs``
    the part of ``reads`` without which it can do nothing.
    """

    contract: InterfaceClass
    plugin: str
    version: str
    factory: Callable[[ComponentContext], Any]
    settings: tuple[Setting, ...]
    help: str
    demo_only: bool
    place: Place
    reads: frozenset[Data] = frozenset()
    holds: str = ""
    built_for: str = ""
    tasks: tuple[Task, ...] = ()
    makes_faults: bool = False
    sends_to: tuple[str, ...] = ()
    needs: frozenset[Data] = frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """One plugin's claim to a name that only one may hold in a plugin set."""

    contract: InterfaceClass
    name: str
    plugin: str
    version: str
    component: Any
    place: Place

    @property
    def key(self) -> str:
        """How ``[choose]`` names what is claimed: ``field_kind:address``, or ``form``."""
        word = contract_word(self.contract)
        return f"{word}:{self.name}" if self.name else word


class Register:
    """Collects what one plugin offers. Handed to ``selvbetjening_register``."""

    def __init__(self, context: SetContext) -> None:
        self._context = context
        self.offers: list[ComponentOffer] = []
        self.page_needs: PageNeeds | None = None
        self.claims: list[Claim] = []

    @property
    def plugin(self) -> str:
        """The plugin that registers here."""
        return self._context.plugin

    @property
    def version(self) -> str:
        """The version of the plugin that registers here."""
        return self._context.version

    def component(  # noqa: PLR0913 - a declaration, each part by name
        self,
        contract: InterfaceClass,
        factory: Callable[[ComponentContext], Any],
        *,
        help: str,  # noqa: A002 - the natural word in a plugin's declaration
        settings: Sequence[Setting] = (),
        demo_only: bool = False,
        reads: Iterable[Data] = (),
        holds: str = "",
        built_for: str = "",
        tasks: Sequence[Task] = (),
        makes_faults: bool = False,
        sends_to: Sequence[str] = (),
        needs: Iterable[Data] = (),
    ) -> None:
        """Offer an implementation of ``contract``.

        :param factory: called with a :class:`ComponentContext` for each
            component that a municipality's file makes from this plugin
        :param help: one sentence for the person who fills in the settings
        :param settings: the settings it understands; others are errors
        :param demo_only: refuse to be used outside demo mode
        :param reads: the personal data it needs; it is given that and no more
        :param holds: what personal data the system behind it keeps, and for how
            long, in one sentence; for the service catalogue and the record of
            processing (databeskyttelsesforordningen, article 30)
        :param built_for: the version of ``contract`` it was written for; another
            one is an error at the start rather than a surprise later
        :param tasks: what it does regularly; it then provides ``IScheduled``
        :param makes_faults: it misbehaves on purpose: every page says so
        :param sends_to: where it sends the browser in a ``Challenge``, since browsers
            stop a form that ends anywhere else: names of its settings of kind ``url``,
            and origins (``https://login.example.dk``). Where the browser is sent on from
            there before it shows a page, that origin, too
        :param needs: what of ``reads`` it can do nothing without. A solution without login
            knows nobody: what needs CPR numbers, names or addresses cannot serve it
        :raises TypeError: one of them is not what it should be
        """
        _need(contract, InterfaceClass, "contract", "an Interface")
        if not callable(factory):
            raise TypeError(f"factory must be callable, not {factory!r}")
        for setting in settings:
            _need(setting, Setting, "settings", "a sequence of Setting")
        for task in tasks:
            _need(task, Task, "tasks", "a sequence of Task")
            _need(task.every, datetime.timedelta, f"every of the task {task.name!r}", "a timedelta")
        for origin in sends_to:
            _need_origin(origin, "sends_to", {one.name for one in settings if one.kind == "url"})
        declared = frozenset(reads)
        for data in declared:
            _need(data, Data, "reads", "a set of Data")
        needed = frozenset(needs)
        if not needed <= declared:
            raise TypeError("needs holds what reads does not: it would not be given that")
        self.offers.append(
            ComponentOffer(
                contract=contract,
                plugin=self._context.plugin,
                version=self._context.version,
                factory=factory,
                settings=tuple(settings),
                help=help,
                demo_only=demo_only,
                place=_caller(),
                reads=declared,
                holds=holds,
                built_for=built_for,
                tasks=tuple(tasks),
                makes_faults=makes_faults,
                sends_to=tuple(sends_to),
                needs=needed,
            )
        )

    def pages(self, needs: PageNeeds) -> None:
        """Say what the pages need that the plugin adds in ``selvbetjening_web``.

        Browsers let them use our own host, and what is named here; no other page gains
        by it.

        :raises TypeError: it is no :class:`PageNeeds`, or not made of origins
        """
        _need(needs, PageNeeds, "needs", "a PageNeeds")
        for origin in (*needs.forms, *needs.images, *needs.connections):
            _need_origin(origin, "needs", ())
        self.page_needs = needs

    def field_kind(self, kind: Any) -> None:
        """Add a kind of field, an object that provides ``IFieldKind``.

        :raises TypeError: it has no declaration
        """
        declaration = getattr(kind, "declaration", None)
        _need(declaration, KindDeclaration, "declaration", "a KindDeclaration")
        self._claim(IFieldKind, kind.declaration.name, kind)

    def theme(self, theme: Any) -> None:
        """Add a theme, an object that provides ``ITheme``."""
        self._claim(ITheme, theme.name, theme)

    def shared(self, contract: InterfaceClass, component: Any) -> None:
        """Add a component without settings that serves every municipality.

        Of most contracts a plugin set has one. Of ``ISecrets`` it has one for
        each scheme, of ``IImporter`` one for each format, of ``ISolutions`` one for
        each plugin: they add to each other.

        :raises TypeError: ``contract`` is no contract, a keeper of secrets has no
            scheme, or an importer no format
        """
        _need(contract, InterfaceClass, "contract", "an Interface")
        self._claim(contract, self._shared_name(contract, component), component)

    def _shared_name(self, contract: InterfaceClass, component: Any) -> str:
        if contract is ISecrets:
            return _scheme(component)
        if contract is IImporter:
            return _format(component)
        return self._context.plugin if contract is ISolutions else ""

    def _claim(self, contract: InterfaceClass, name: str, component: Any) -> None:
        self.claims.append(
            Claim(
                contract=contract,
                name=name,
                plugin=self._context.plugin,
                version=self._context.version,
                component=component,
                place=_caller(depth=3),
            )
        )


def contract_word(contract: InterfaceClass) -> str:
    """The word for a contract in files and messages: ``IFieldKind`` → ``field_kind``."""
    name = contract.__name__.removeprefix("I")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")


def _scheme(component: Any) -> str:
    scheme = getattr(component, "scheme", None)
    if not isinstance(scheme, str) or not SCHEME.fullmatch(scheme) or scheme in CORE_SCHEMES:
        raise TypeError(
            f"scheme must be a word in lower case, other than {' and '.join(CORE_SCHEMES)},"
            f" not {scheme!r}"
        )
    return scheme


def _format(component: Any) -> str:
    word = getattr(component, "format", None)
    if not isinstance(word, str) or not FORMAT.fullmatch(word):
        raise TypeError(f"format must be a word in lower case, not {word!r}")
    return word


def _need(value: object, wanted: type, name: str, what: str) -> None:
    """What comes from a plugin may be anything; the type checker was not there."""
    if not isinstance(value, wanted):
        raise TypeError(f"{name} must be {what}, not {value!r}")


def _need_origin(value: object, name: str, settings: Collection[str]) -> None:
    if value in settings:
        return
    if not isinstance(value, str) or not is_safe_origin(value):
        raise TypeError(
            f"{name} holds {value!r}: write an origin, such as 'https://login.example.dk', without"
            " path and wildcard" + (", or the name of a setting of kind url" if settings else "")
        )


def add_to(components: Components, claim: Claim) -> None:
    """Register a claim's component; its place travels along for ``why``."""
    components.registerUtility(
        claim.component, claim.contract, name=claim.name, info=str(claim.place)
    )


def _caller(depth: int = 2) -> Place:
    """File and line of the plugin's own call."""
    frame = inspect.currentframe()
    # Walked by hand: inspect.stack() looks up the source of every frame there is.
    for _ in range(depth):
        frame = frame.f_back if frame else None
    return Place(Path(frame.f_code.co_filename), frame.f_lineno) if frame else Place(Path())
