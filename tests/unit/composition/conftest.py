from __future__ import annotations

import datetime
import importlib.metadata
import sys
import types
from dataclasses import replace
from pathlib import Path

import pytest
from zope.interface import implementer

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.composition.plugins import InstalledPlugin
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.hooks import ENTRY_POINT_GROUP, hookimpl
from selvbetjening_core.interfaces import (
    IDelivery,
    IFieldKind,
    IIdentity,
    IPayment,
    IPrefill,
    IReceipt,
    ITheme,
)
from selvbetjening_core.testing import cases
from selvbetjening_core.values import (
    Answer,
    AnswerGroup,
    Basis,
    CprNumber,
    KindDeclaration,
    Look,
    ResolvesUnknown,
    Setting,
)

TODAY = datetime.date(2024, 6, 1)
NOW = datetime.datetime(2024, 6, 1, tzinfo=datetime.UTC)

SOLUTION = """
[solution]
version  = "1"
title.da = "En løsning"
kle      = "29"
minutes  = 5
level    = "low"
may_act  = ["self"]

[[law]]
title      = "En lov"
valid_from = 2020-01-01

[retention]
draft_days     = 30
delivered_days = 90

[text]
purpose.da     = "Hvad den er til."
alternative.da = "En anden vej ind."
after.da       = "Hvad der sker nu."

[step.one]
title.da = "Et"

[step.one.name]
kind     = "text"
label.da = "Navn"

[[price]]
valid_from = 2024-01-01
amount     = "10.00"
text.da    = "En tier"

[[destination]]
role = "case_system"
"""

MUNICIPALITY = """
code       = "{code}"
name       = "{code} Kommune"
hosts      = ["{code}.example"]
prefixes   = ["/{code}"]
plugin_set = "standard"
accessibility_url = "https://example.dk/was"
accessibility_reviewed = 2024-05-01
privacy_url       = "https://example.dk/privatliv"

[contact]
phone   = "12 34 56 78"
email   = "post@example.dk"
hours   = "Altid"
address = "Vej 1"

[component.login]
plugin = "login"

[component.people]
plugin = "people"

[component.receipt]
plugin = "receipt"

[component.card]
plugin = "card"

[component.mobile]
plugin = "mobile"

[component.journal]
plugin = "journal"
path   = "var/journal"

[component.archive]
plugin = "journal"
path   = "var/archive"

[roles]
identity    = "login"
register    = "people"
receipt     = "receipt"
payment     = "{payment}"
case_system = "journal"

[solutions.permit]
"""


class Component:
    def __init__(self, context):
        self.context = context


@implementer(IIdentity)
class Login(Component):
    issuer = "https://example.dk"
    algorithms = frozenset()

    def begin(self, request): ...
    def complete(self, message): ...
    def end(self, request): ...


@implementer(IPrefill)
class People(Component):
    def household(self, cpr): ...


@implementer(IReceipt)
class Receipt(Component):
    def issue(self, case): ...
    def verify(self, document): ...


@implementer(IPayment)
class Card(Component):
    def begin(self, order): ...
    def capture(self, change): ...
    def cancel(self, change): ...
    def refund(self, change): ...
    def query(self, payment): ...
    def settlements(self, day): ...
    def notice(self, message): ...


class Mobile(Card): ...


@implementer(IDelivery)
class Journal(Component):
    resolves_unknown = ResolvesUnknown.PERSON

    def accepts(self, parcel): ...
    def send(self, parcel): ...


@implementer(IFieldKind)
class Kind:
    def __init__(self, name, by=""):
        self.declaration = KindDeclaration(name, "A kind.", offers={"": "text"})
        self.by = by

    def node(self, request): ...
    def facts(self, request): ...
    def text(self, request): ...


@implementer(ITheme)
class Theme:
    templates = static = Path("nowhere")

    def __init__(self, name, settings=(), look=lambda context: Look(), extends=""):  # noqa: ARG005
        self.name = name
        self.settings = settings
        self.extends = extends
        self._look = look

    def look(self, context):
        return self._look(context)


def offering(contract, factory, **options):
    def register(register, context):  # noqa: ARG001 - as the hook wants it
        register.component(contract, factory, help="Does it.", **options)

    return register


STANDARD = {
    "login": offering(IIdentity, Login),
    "people": offering(IPrefill, People),
    "receipt": offering(IReceipt, Receipt),
    "card": offering(IPayment, Card),
    "mobile": offering(IPayment, Mobile),
    "journal": offering(
        IDelivery, Journal, settings=[Setting("path", "path", "Where to deliver.")]
    ),
}


class Installation:
    """Files of an installation, and made-up plugins that are installed with it."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self._monkeypatch = monkeypatch
        self.installed = []
        self.names = []
        self.problems = None

    def plugin(self, name, register, *, named=True, module=None):
        """Install a plugin whose hook is ``register``."""
        module = module or types.ModuleType(f"made_up_{name}")
        if register is not None:
            module.selvbetjening_register = hookimpl(register)
        self._monkeypatch.setitem(sys.modules, module.__name__, module)
        point = importlib.metadata.EntryPoint(name, module.__name__, ENTRY_POINT_GROUP)
        self.installed.append(InstalledPlugin(name, module.__name__, "made-up", "1.0", point))
        if named:
            self.names.append(name)

    def write(self, name, text):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def change(self, name, right, wrong):
        text = (self.folder / name).read_text(encoding="utf-8")
        assert right in text
        self.write(name, text.replace(right, wrong))

    def plugin_set(self, more="", name="standard", names=None):
        listed = ", ".join(f'"{one}"' for one in (self.names if names is None else names))
        self.write(f"plugin_sets/{name}.toml", f"plugins = [{listed}]\n{more}")

    def municipality(self, code, payment="card", more=""):
        text = MUNICIPALITY.format(code=code, payment=payment)
        return self.write(f"municipalities/{code}.toml", text + more)

    def plan(self):
        try:
            plan = read_plan(
                self.folder / "selvbetjening.toml", register_core, TODAY, self.installed
            )
        except ConfigurationError as error:
            self.problems = error.problems
            raise
        self.problems = plan.problems
        return plan

    def errors(self):
        """The codes of all errors; empty where it is right."""
        try:
            self.plan()
        except ConfigurationError as error:
            return [one.code for one in error.problems if one.severity == "error"]
        return []


@pytest.fixture
def installation(tmp_path, monkeypatch):
    made = Installation(tmp_path, monkeypatch)
    for name, register in STANDARD.items():
        made.plugin(name, register)
    made.write(
        "selvbetjening.toml",
        '[installation]\nmode = "production"\nsolutions = ["solutions"]\n'
        'prefix_hosts = ["shared.example"]\n'
        '[store]\ndatabase = "sqlite:///var/db.sqlite"\nkeys = "file:secrets/keys"\n',
    )
    made.plugin_set()
    made.write("solutions/permit/solution.toml", SOLUTION)
    made.municipality("0773")
    made.municipality("0751", payment="mobile")
    return made


@pytest.fixture
def solution_text():
    return SOLUTION


@pytest.fixture
def now():
    return lambda: NOW


@pytest.fixture
def make():
    """What made-up plugins offer."""
    return types.SimpleNamespace(
        Kind=Kind, Theme=Theme, Journal=Journal, Card=Card, Mobile=Mobile, offering=offering
    )


@pytest.fixture
def a_parcel():
    """One to be copied and handed over: what she answered is a list, which could be changed."""
    case = cases.a_case()
    person = replace(case.parties.actor, cpr=CprNumber("2512484916"))
    return cases.a_parcel(
        seconds=3600,
        case=replace(
            case,
            parties=replace(case.parties, actor=person, principal=person, basis=Basis.SELF),
            groups=(AnswerGroup("one", "Et", (Answer("cause", "Årsag", "Væk", ["lost"]),)),),
        ),
    )
