"""Without extras: what an embedder or a vendor installs composes and checks.

``tox run -e base`` runs this where Pyramid, Deform and SQLAlchemy are not
installed. Where they are, it still shows that nothing imports them.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import selvbetjening_demo
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.errors import NotInstalled
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.values import StepRequest

DEMO = Path(selvbetjening_demo.__file__).parent / "installation" / "selvbetjening.toml"
TODAY = datetime.datetime.now(tz=datetime.UTC).date()
EXTRAS = ("pyramid", "deform", "sqlalchemy", "alembic", "webob", "cryptography", "waitress")

without_extras = pytest.mark.skipif(
    find_spec("deform") is not None, reason="the extras are installed here: tox run -e base"
)

LOADED = """
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""
COMPOSE = """
import sys
import selvbetjening_core.definitions.solution, selvbetjening_core.composition.compose
"""
CHECK = """
import sys
from selvbetjening_core.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert end.code == 0, end.code
"""


def loaded_by(program, *arguments):
    """The top-level modules that a fresh interpreter has after ``program``, and what it said."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program + LOADED, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    output, _, names = done.stdout.rpartition("LOADED")
    return set(names.split()), output


def test_composition_and_definitions_import_no_extra():
    loaded, _ = loaded_by(COMPOSE)
    assert "selvbetjening_core" in loaded
    assert loaded.isdisjoint(EXTRAS)


def test_composition_and_definitions_import_no_plugin():
    loaded, _ = loaded_by(COMPOSE)
    assert {name for name in loaded if name.startswith("selvbetjening")} == {"selvbetjening_core"}


@pytest.mark.parametrize(
    "command",
    [
        ["plugins"],
        ["why", "payment", "--municipality", "0773", "--solution", "sundhedskort"],
    ],
)
def test_commands_that_start_nothing_import_no_extra(command):
    loaded, output = loaded_by(CHECK, *command, "--config", str(DEMO))
    assert output.strip()
    assert {"selvbetjening_demo", "selvbetjening_folder", "selvbetjening_mail"} <= loaded
    assert loaded.isdisjoint(EXTRAS)


@without_extras
def test_check_imports_no_extra_and_says_what_it_left_out():
    loaded, output = loaded_by(CHECK, "check", "--config", str(DEMO))
    assert loaded.isdisjoint(EXTRAS)
    assert "test cases: not run, they need forms: pip install 'selvbetjening[web]'" in output


def test_the_control_sees_what_is_imported():
    loaded, _ = loaded_by("import sys, sqlite3\n")
    assert "sqlite3" in loaded


def test_the_shipped_demo_has_no_error():
    _, output = loaded_by(CHECK, "check", "--config", str(DEMO), "--format", "json")
    problems = json.loads(output)
    assert [one for one in problems if one["severity"] == "error"] == []


def test_why_answers():
    arguments = ("--municipality", "0751", "--solution", "sundhedskort", "--config", str(DEMO))
    _, output = loaded_by(CHECK, "why", "payment", *arguments)
    assert "component  phone_payment" in output
    assert "hides:\n    component  card" in output


@without_extras
def test_no_extra_is_installed():
    assert [name for name in EXTRAS if find_spec(name)] == []


@without_extras
def test_compiling_a_form_names_the_extra():
    plan = read_plan(DEMO, register_core, TODAY)
    solution = plan.municipalities["0773"].solutions["sundhedskort"].solution
    kinds = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
    request = StepRequest(solution, solution.steps[0], "da", PLAIN, {"plain": PLAIN}, kinds)
    with pytest.raises(NotInstalled, match=r"selvbetjening\[web\]") as caught:
        StepCompiler().compile(request)
    assert caught.value.extra == "web"


@without_extras
@pytest.mark.parametrize(
    ("command", "extra"), [("serve", "web"), ("worker", "store"), ("counts", "store")]
)
def test_what_needs_an_extra_says_which(command, extra):
    done = subprocess.run(
        [sys.executable, "-m", "selvbetjening_core.cli", command, "--config", str(DEMO)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert f"pip install 'selvbetjening[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr
