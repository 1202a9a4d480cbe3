"""What a solution without login cannot have: all that is known of somebody by their login."""

from __future__ import annotations

from collections.abc import Mapping

from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.files import TomlFile
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import Basis, KindDeclaration


def check_without_login(
    solution: Solution,
    kinds: Mapping[str, KindDeclaration],
    file: TomlFile,
    problems: Problems,
) -> None:
    """Report what is about a citizen whom nobody knows. Nothing where one logs in.

    :param file: what the solution was read from
    """
    if solution.needs_login:
        return
    for field in solution.every_field():
        if kinds[field.kind].needs_login:
            problems.error(
                "needs-login",
                field.place,
                f'"{field.name}" is of the kind {field.kind}, which asks about the citizen who'
                ' is logged in; with level = "none" nobody is',
                "take the question out, ask for what you need by ordinary questions, or write a"
                " level of assurance",
            )
    others = [str(basis) for basis in solution.may_act if basis is not Basis.SELF]
    if others:
        problems.error(
            "needs-login",
            file.place(("solution", "may_act")),
            f'nobody can act by {", ".join(others)} with level = "none": who acts is not known',
            'write may_act = ["self"], or a level of assurance',
        )
