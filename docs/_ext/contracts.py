"""``contracts``: document the zope interfaces of a module from its source.

Sphinx's autodoc takes an interface for plain data, and zope.interface forgets
annotations. The source has both.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from selvbetjening_core.interfaces.versions import CONTRACTS, CallRules

INDENT = "   "
RULES = {contract.__name__: rules for contract, rules in CONTRACTS.items()}
RAISES = re.compile(r"(\s):raises (\w+):")


class Contracts(SphinxDirective):
    """``.. contracts:: module`` describes every interface in ``module``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write reStructuredText, and have it parsed."""
        module = self.arguments[0]
        spec = importlib.util.find_spec(module)
        if spec is None or spec.origin is None:
            raise self.error(f"there is no module {module}")
        self.env.note_dependency(spec.origin)
        tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
        lines = [f".. py:module:: {module}", "", *doc(tree), ""]
        for contract in interfaces(tree):
            lines += describe(contract)
        return self.parse_text_to_nodes(StringList(lines, source=spec.origin))


def interfaces(tree: ast.Module) -> Iterator[ast.ClassDef]:
    """The classes that derive from ``Interface``."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and "Interface" in map(ast.unparse, node.bases):
            yield node


def describe(contract: ast.ClassDef) -> list[str]:
    """One interface as reStructuredText."""
    rules = RULES.get(contract.name)
    lines = [f".. py:class:: {contract.name}", "", *indented(doc(contract)), ""]
    if rules is not None:
        lines += indented([f"Contract version {rules.version}.", ""])
    for member in contract.body:
        if isinstance(member, ast.FunctionDef):
            head = f".. py:method:: {member.name}{signature(member)}"
            call = rules.calls.get(member.name) if rules else None
            lines += indented([head, "", *indented([*doc(member), "", *limits(call)]), ""])
        elif isinstance(member, ast.AnnAssign) and isinstance(member.value, ast.Call):
            head = f".. py:attribute:: {ast.unparse(member.target)}"
            kind = f"{INDENT}:type: {ast.unparse(member.annotation)}"
            about = ast.literal_eval(member.value.args[0])
            lines += indented([head, kind, "", *indented([about]), ""])
    return lines


def limits(call: CallRules | None) -> list[str]:
    """What a call may return, and how long it may take."""
    if call is None:
        return []
    types = [f":py:class:`{one.__name__}`" for one in call.returns if one is not type(None)]
    if call.items is not None:
        types = [f"a tuple of :py:class:`{call.items.__name__}`"]
    told = " or ".join([*types, *(["None"] if type(None) in call.returns else [])])
    return [f"Returns {told}, within {call.seconds:g} seconds.", ""]


def signature(method: ast.FunctionDef) -> str:
    """Arguments and result, as written."""
    returns = f" -> {ast.unparse(method.returns)}" if method.returns else ""
    return f"({ast.unparse(method.args)}){returns}"


def doc(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> list[str]:
    """The docstring's lines."""
    return with_raises_in_prose(inspect.cleandoc(ast.get_docstring(node) or "")).splitlines()


def with_raises_in_prose(text: str) -> str:
    """``:raises X:`` inside a paragraph as words; a list of fields stays one."""
    return "\n\n".join(
        part if part.lstrip().startswith(":") else RAISES.sub(r"\1Raises :py:exc:`\2`:", part)
        for part in text.split("\n\n")
    )


def soften(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """The same for what autodoc reads."""
    lines[:] = with_raises_in_prose("\n".join(lines)).splitlines()


def indented(lines: list[str]) -> list[str]:
    """The same, one level in."""
    return [f"{INDENT}{line}" if line else "" for line in lines]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("contracts", Contracts)
    app.connect("autodoc-process-docstring", soften)
    return {"parallel_read_safe": True}
