"""Each skeleton, made anew: green at once, and red with one planted fault."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from selvbetjening_core.cli.skeletons import skeletons

# One fault for each kind: the file, what stands there, what a careless vendor
# would write, and the check that must notice.
FAULTS = {
    "payment": (
        "provider.py",
        "if not hmac.compare_digest(",
        "if False and not hmac.compare_digest(",
        "message-forged",
    ),
    "delivery": (
        "plugin.py",
        "Outcome(OutcomeKind.UNKNOWN, str(error))",
        "Outcome(OutcomeKind.TRANSIENT, str(error))",
        "lost-answer-unknown",
    ),
    "identity": (
        "login.py",
        'return Refusal("bad-signature")',
        "pass",
        "altered-refused",
    ),
    "receipt": (
        "plugin.py",
        "return Document(",
        "self._key += 'x'\n        return Document(",
        "same-case-same-bytes",
    ),
    "prefill": (
        "persons.py",
        'return child["custody"] is True',
        'return child["address"] == entry["address"] or True',
        "custody-is-a-fact",
    ),
    "lookup": (
        "plugin.py",
        "return tuple(matches[: query.limit])",
        "return tuple(reversed(matches))",
        "limit-kept",
    ),
    "field-kind": (
        "field.py",
        'raise colander.Invalid(node, "not_an_nordlys_number")',
        "pass",
        "refused-by-code",
    ),
    "status": (
        "cases.py",
        '"decided": CaseState.DECIDED',
        '"decided": CaseState.CLOSED',
        "as-the-system-says",
    ),
    "measure": (
        "statistics.py",
        "if answer.status != 201:\n            raise",
        "if answer.status != 201:\n            self.hand_on(measurement)\n            raise",
        "never-doubled",
    ),
    "secrets": (
        "vault.py",
        '.read_text(encoding="utf-8")',
        '.read_text(encoding="utf-8").strip("}$i")',
        "read-as-kept",
    ),
    "solutions": (
        "plugin.py",
        "{file.parent.name: file.parent",
        '{f"{file.parent.name}_1": file.parent',
        "called-by-its-folder",
    ),
    "importer": (
        "plugin.py",
        "for field, target in targets\n        )",
        "for field, target in targets[1:]\n        )",
        "every-element-once",
    ),
    "scanner": (
        "plugin.py",
        'raise Refused("it is encrypted")',
        "continue",
        "unreadable-is-refused",
    ),
    "theme": (
        "theme.py",
        "if not _COLOUR.fullmatch(colour):",
        "if False:",
        "wrong-look-refused",
    ),
}
QUICK = "lookup"
KINDS = tuple(skeletons())


def made(workplace, kind):
    """A plugin of a vendor called nordlys, as the command makes it."""
    done = workplace.selvbetjening("new-plugin", kind, "nordlys")
    assert done.returncode == 0, done.stdout
    return workplace.folder / f"nordlys-{kind}"


def conformance(workplace, project):
    """The exit code, and what came of each check."""
    file = workplace.folder / "report.json"
    done = workplace.selvbetjening("conformance", project.name, "--json", str(file))
    kits = json.loads(file.read_text(encoding="utf-8"))["kits"] if file.is_file() else []
    checks = {one["name"]: one["outcome"] for kit in kits for one in kit["checks"]}
    return done, checks


def is_green_at_once(workplace, kind):
    project = made(workplace, kind)
    workplace.install(project)
    done, checks = conformance(workplace, project)
    assert done.returncode == 0, done.stdout
    assert len(checks) > 5
    assert set(checks.values()) <= {"passed", "not applicable"}
    # The tests are against the wheel, not against the folder they are in.
    shutil.rmtree(project / f"nordlys_{kind.replace('-', '_')}")
    done = workplace.pytest(project)
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d+ passed", done.stdout)


def a_fault_turns_it_red(workplace, kind):
    name, right, wrong, noticed_by = FAULTS[kind]
    project = made(workplace, kind)
    module = project / f"nordlys_{kind.replace('-', '_')}" / name
    text = module.read_text(encoding="utf-8")
    assert right in text
    module.write_text(text.replace(right, wrong), encoding="utf-8")
    workplace.install(project)
    done, checks = conformance(workplace, project)
    assert done.returncode == 1, done.stdout
    assert checks[noticed_by] == "failed", done.stdout


def test_there_is_a_fault_for_every_kind():
    assert set(FAULTS) == set(KINDS)


def test_one_is_green_at_once(workplace):
    is_green_at_once(workplace, QUICK)


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != QUICK])
def test_each_is_green_at_once(workplace, kind):
    is_green_at_once(workplace, kind)


def test_in_one_a_fault_turns_it_red(workplace):
    a_fault_turns_it_red(workplace, QUICK)


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != QUICK])
def test_in_each_a_fault_turns_it_red(workplace, kind):
    a_fault_turns_it_red(workplace, kind)


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("kind", KINDS)
def test_each_is_typed(workplace, kind):
    project = made(workplace, kind)
    package = f"nordlys_{kind.replace('-', '_')}"
    done = workplace.python("-m", "mypy", "--no-incremental", "-p", package, cwd=project)
    assert done.returncode == 0, done.stdout
