"""Every text that the code asks for by a name is in every language."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import selvbetjening_core
from selvbetjening_core.journey.records import DeliveryState, WaivedAs
from selvbetjening_core.journey.standing import Standing
from selvbetjening_core.texts import LANGUAGES, texts_for
from selvbetjening_core.values import AssuranceLevel, Basis, Channel

SOURCE = Path(selvbetjening_core.__file__).parent
MODULES = [ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))]

# Which argument of which call names a notice.
NAMING = {
    "Conflict": 0,
    "NotAllowed": 0,
    "RefusedLogin": 0,
    "notice": 0,
    "notice_page": 1,
}
TOLD = ("heading", "what")
TOLD_STATES = [
    *(state for state in DeliveryState if state is not DeliveryState.WAIVED),
    *(f"waived_{way}" for way in WaivedAs if way),
]
BY_VALUE = [
    *(f"delivery.{state}" for state in TOLD_STATES),
    *(f"delivery.explanation.{state}" for state in TOLD_STATES),
    *(f"standing.{one}.{part}" for one in Standing for part in ("what", "next")),
    *(f"parties.basis_{basis}" for basis in Basis),
    *(f"parties.level_{level.name.lower()}" for level in AssuranceLevel),
    *(f"parties.channel_{channel}" for channel in Channel),
]


class Names:
    """The notice names in some modules: followed through variables, tables and functions."""

    def __init__(self, modules):
        self.found, self.unknown = set(), []
        self._functions = {
            key: (node, module)
            for module in modules
            for node in ast.walk(module)
            if isinstance(node, ast.FunctionDef)
            for key in (node.name, (module, node.name))
        }
        for module in modules:
            self._look(module, [module])

    def _look(self, node, scopes):
        """``scopes``: the module, and the function inside it, where ``node`` stands."""
        if isinstance(node, ast.FunctionDef):
            scopes = [scopes[0], node]
        if isinstance(node, ast.Call):
            position = NAMING.get(called(node))
            if position is not None and len(node.args) > position:
                self._follow(node.args[position], scopes)
        for child in ast.iter_child_nodes(node):
            self._look(child, scopes)

    def _follow(self, node, scopes):
        match node:
            case ast.Constant(value=str(name)):
                self.found.add(name)
            case ast.Constant(value=None):
                pass  # There is no reason; the types see to it that none is told.
            case ast.IfExp(body=one, orelse=other):
                self._each([one, other], node, scopes)
            case ast.Dict(values=values):
                self._each(values, node, scopes)
            case ast.Subscript(value=ast.Name() as table):
                self._follow(table, scopes)
            case ast.Call(func=ast.Attribute(value=ast.Name() as table, attr="get")):
                self._each([table, *node.args[1:]], node, scopes)
            case _:
                self._follow_name(node, scopes)

    def _follow_name(self, node, scopes):
        match node:
            case ast.Name(id=name):
                self._each(values_of(name, scopes), node, scopes)
            case ast.Call(func=ast.Name(id=name)) if name in self._functions:
                own = (scopes[0], name)
                function, module = self._functions[own if own in self._functions else name]
                self._each(returns_of(function), node, [module, function])
            case ast.Attribute(attr="reason"):
                pass  # Handed on: counted where it was given.
            case _:
                self.unknown.append(ast.unparse(node))

    def _each(self, nodes, asked, scopes):
        if not nodes:
            self.unknown.append(ast.unparse(asked))
        for node in nodes:
            self._follow(node, scopes)


def values_of(name, scopes):
    """What is assigned to ``name`` in the function, else in the module."""
    for scope in reversed(scopes):
        found = [
            node.value
            for node in (ast.walk(scope) if isinstance(scope, ast.FunctionDef) else scope.body)
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in getattr(node, "targets", [getattr(node, "target", None)])
            if isinstance(target, ast.Name) and target.id == name
        ]
        if found:
            return found
    return []


def returns_of(function):
    return [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
    ]


def called(call):
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    # A component's notice() takes a message, not a name.
    return "" if name == "notice" and "texts" not in ast.unparse(call.func) else name


def missing_notices(names, catalogue):
    keys = {f"notice.{name}.{part}" for name in names for part in TOLD}
    return keys - catalogue.keys()


def keys_in(modules, catalogue):
    """What looks like a key of one of the catalogue's tables."""
    tables = {key.split(".")[0] for key in catalogue}
    words = [
        node.value
        for module in modules
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {
        word
        for word in words
        if re.fullmatch(r"[a-z_]+(\.[a-z_]*[a-z])+", word)
        and word.split(".")[0] in tables
        and not word.endswith(".html")
    }


WEB = [
    ast.parse(path.read_text("utf-8"))
    for part in ("web", "forms", "journey")
    for path in sorted((SOURCE / part).rglob("*.py"))
]


def names_in(source):
    return Names([ast.parse(source)])


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_notice_reason_and_refusal_has_its_text(locale):
    names = Names(MODULES)
    assert len(names.found) > 25
    used = {"already_started", "login_cancelled", "payment_disputed", "payment_running"}
    assert used <= names.found
    assert names.unknown == ["name"]  # notice_page hands its own argument on
    assert missing_notices(names.found, texts_for(locale).by_key) == set()


@pytest.mark.parametrize(
    "planted",
    [
        'raise Conflict("nowhere")',
        'raise NotAllowed("forbidden" if late else "nowhere")',
        'return RefusedLogin("nowhere", "code")',
        'reason = "nowhere"\nnotice_page(request, reason, status=200)',
        'TABLE = {1: "nowhere"}\nrequest.texts.notice(TABLE[status])',
        'TABLE = {1: "forbidden"}\nrequest.texts.notice(TABLE.get(status, "nowhere"))',
        'def why():\n    return "nowhere"\nraise Conflict(why())',
    ],
)
def test_a_planted_name_is_found_and_missed(planted):
    """Negative control of the test above."""
    names = names_in(planted)
    assert names.unknown == []
    missing = missing_notices(names.found, texts_for("da").by_key)
    assert missing == {"notice.nowhere.heading", "notice.nowhere.what"}


def test_a_name_that_cannot_be_followed_is_told():
    for source in ("raise Conflict(a + b)", 'notice_page(request, f"x_{y}")', "Conflict(z)"):
        names = names_in(source)
        assert len(names.unknown) == 1
        assert names.found == set()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_state_basis_level_and_channel_has_its_text(locale):
    catalogue = texts_for(locale).by_key
    assert [key for key in BY_VALUE if key not in catalogue] == []
    assert "parties.channel_paper" in BY_VALUE
    assert "delivery.explanation.parked" in BY_VALUE


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_key_that_the_pages_use_has_its_text(locale):
    catalogue = texts_for(locale).by_key
    used = keys_in(WEB, catalogue)
    assert {"payment.check", "common.to_front_page", "summary.title"} <= used
    assert used - catalogue.keys() == set()


def test_a_planted_key_is_found():
    """Negative control of the test above."""
    planted = [ast.parse('label = "payment.nowhere"\npage("payment.html")\nx = "other.thing"')]
    assert keys_in(planted, texts_for("da").by_key) == {"payment.nowhere"}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_is_said_about_money_and_sending_twice(locale):
    texts = texts_for(locale)
    disputed = " ".join(texts.notice("payment_disputed", reference="R-1").paragraphs)
    assert ("Betal ikke igen" if locale == "da" else "Do not pay again") in disputed
    assert "R-1" in disputed
    sent = texts.notice("sent_already", title="T", when="2. juli 2026", number="N-1")
    assert "N-1" in " ".join(sent.paragraphs)
