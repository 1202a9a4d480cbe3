"""Every code in the source is explained, and nothing is explained that is no code."""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import selvbetjening_core
from selvbetjening_core import errors
from selvbetjening_core.explanations import explanations

CORE = Path(selvbetjening_core.__file__).parent
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
REPORTS = ("error", "incomplete", "warning")
LOGS = ("log", "_log", "logger")


@dataclass
class Found:
    """The codes in some source, and the places where a code could not be told."""

    problems: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)


def collect(sources):
    """All codes of problems and errors; ``sources`` is text by name."""
    trees = {name: ast.parse(text) for name, text in sources.items()}
    takers = {}
    for tree in trees.values():
        takers.update(takers_of_codes(tree))
    found = Found()
    for name, tree in trees.items():
        for function, node in with_function(tree):
            if isinstance(node, ast.Call):
                report(node, function, takers, name, found)
            elif isinstance(node, ast.ClassDef):
                found.errors.update(class_codes(node))
    for _, default in takers.values():
        found.problems.update(default)
    return found


def with_function(tree, function=None):
    """Every node, with the function it stands in."""
    for node in ast.iter_child_nodes(tree):
        yield function, node
        inner = node if isinstance(node, ast.FunctionDef) else function
        yield from with_function(node, inner)


def takers_of_codes(tree):
    """Functions that report a parameter of theirs called ``code``: position and default."""
    found = {}
    for node in ast.walk(tree):
        is_function = isinstance(node, ast.FunctionDef) and node.name not in REPORTS
        if not is_function or not reports_parameter(node):
            continue
        arguments = node.args
        names = [one.arg for one in arguments.args if one.arg not in ("self", "cls")]
        position = names.index("code") if "code" in names else None
        pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        defaults = [one for name, one in pairs if name.arg == "code"]
        tail = arguments.args[len(arguments.args) - len(arguments.defaults) :]
        defaults += [
            one for name, one in zip(tail, arguments.defaults, strict=True) if name.arg == "code"
        ]
        codes = {one.value for one in defaults if isinstance(one, ast.Constant)}
        found[node.name] = (position, codes)
    return found


def reports_parameter(function):
    arguments = function.args
    if "code" not in {one.arg for one in (*arguments.args, *arguments.kwonlyargs)}:
        return False
    return any(
        isinstance(node, ast.Call) and is_report(node) and ast.unparse(node.args[0]) == "code"
        for node in ast.walk(function)
    )


def is_report(call):
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in REPORTS
        and ast.unparse(function.value).rpartition(".")[2] not in LOGS
        and len(call.args) >= 3
    )


def report(call, function, takers, name, found):
    """One call: if it reports a code, or hands one to a function that does."""
    place = f"{name}:{call.lineno}"
    called = ast.unparse(call.func).rpartition(".")[2]
    if is_report(call):
        is_own = function is not None and function.name in (*takers, *REPORTS)
        if not (is_own and ast.unparse(call.args[0]) == "code"):
            told(call.args[0], function, place, found)
    elif called in takers:
        position, _ = takers[called]
        by_name = [one.value for one in call.keywords if one.arg == "code"]
        by_place = call.args[position : position + 1] if position is not None else []
        for code in (*by_name, *by_place):
            told(code, function, place, found)
    elif called == "Problem" and len(call.args) == 5 and name != "problems.py":
        told(call.args[1], function, place, found)


def told(code, function, place, found):
    """A literal, a choice between literals, or a variable that only ever is one."""
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        found.problems.add(code.value)
    elif isinstance(code, ast.IfExp):
        told(code.body, function, place, found)
        told(code.orelse, function, place, found)
    elif isinstance(code, ast.Name) and (values := assigned(code.id, function)):
        for value in values:
            told(value, None, place, found)
    else:
        found.unknown.append(f"{place}: {ast.unparse(code)}")


def assigned(name, function):
    nodes = ast.walk(function) if function is not None else ()
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign) and any(ast.unparse(one) == name for one in node.targets)
    ]


def class_codes(node):
    """``code = "…"`` in the body of an error's class."""
    if not node.bases or node.name.startswith("_"):
        return
    for line in node.body:
        is_code = isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "code"
        if is_code and isinstance(line.value, ast.Constant):
            yield line.value.value


def source():
    files = sorted(CORE.rglob("*.py"))
    assert len(files) > 100
    return {str(file.relative_to(CORE)): file.read_text(encoding="utf-8") for file in files}


@pytest.fixture(scope="module")
def found():
    return collect(source())


def test_the_source_has_many_codes_and_each_can_be_told(found):
    assert found.unknown == []
    assert len(found.problems) >= 75
    assert len(found.errors) >= 18
    for code in found.problems | found.errors:
        assert CODE.fullmatch(code), code


def test_a_code_means_one_thing(found):
    assert found.problems & found.errors == set()


def test_every_code_is_explained(found):
    assert sorted((found.problems | found.errors) - set(explanations())) == []


def test_nothing_is_explained_that_is_no_code(found):
    assert sorted(set(explanations()) - found.problems - found.errors) == []


def test_every_public_error_has_a_code_of_its_own():
    classes = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.SelvbetjeningError)
    ]
    codes = [one.code for one in classes]
    assert len(set(codes)) == len(codes) >= 16


@pytest.mark.parametrize("one", explanations().values(), ids=lambda one: one.code)
def test_an_explanation_is_whole(one):
    for text in (one.happened, one.matters, one.do):
        assert text[0].isupper()
        assert text[-1] in ".?"
        assert text == " ".join(text.split())
    assert one.after or not one.before
    assert one.before != one.after or not one.before


def is_understood(example):
    """TOML, Python, or commands."""
    if all(line.startswith("$ ") for line in example.splitlines()):
        return True
    try:
        tomllib.loads(example)
    except tomllib.TOMLDecodeError:
        try:
            ast.parse(example)
        except SyntaxError:
            return False
    return True


@pytest.mark.parametrize("one", explanations().values(), ids=lambda one: one.code)
def test_the_mended_example_can_be_read(one):
    assert is_understood(one.after)


def test_an_example_that_cannot_be_read_is_noticed():
    assert not is_understood(explanations()["toml-syntax"].before)


# -- planted faults ---------------------------------------------------------------

PLANTED = {
    "reported": 'problems.error("planted", place, "m", "a")',
    "reported through a table": 'self._root.warning("planted", "m", "a", "key")',
    "a variable": """
        def check(problems):
            code = "planted" if new else "other-planted"
            problems.incomplete(code, place, "m", "a")
    """,
    "a default": """
        def choice(self, *, code="planted"):
            self.error(code, "m", "a", key)
    """,
    "by name": """
        def choice(self, *, code):
            self.error(code, "m", "a", key)
        table.choice(code="planted")
    """,
    "by place": """
        def report(problems, code):
            problems.error(code, "m", "a", key)
        report(problems, "planted")
    """,
    "an error": """
        class Planted(SelvbetjeningError):
            code = "planted"
    """,
    "made by hand": 'Problem(Severity.ERROR, "planted", place, "m", "a")',
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_new_code_without_explanation_is_found(planted):
    found = collect({"planted.py": textwrap.dedent(planted)})
    assert "planted" in (found.problems | found.errors) - set(explanations())


def test_a_code_that_cannot_be_told_is_found():
    found = collect({"planted.py": 'problems.error(made(), place, "m", "a")'})
    assert found.unknown == ["planted.py:1: made()"]


def test_what_is_only_logged_is_no_code():
    assert collect({"x.py": 'log.error("planted", a, b, c)'}).problems == set()


def test_an_explanation_without_a_code_is_found():
    without = source()
    assert without.pop("composition/accessibility.py")
    found = collect(without)
    assert "accessibility-old" in set(explanations()) - found.problems - found.errors
