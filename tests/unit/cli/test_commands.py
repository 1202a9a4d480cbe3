"""The command line, as a person with typos meets it."""

from __future__ import annotations

import json
import shutil
import sys
from importlib.resources import as_file, files

import pytest

COMMANDS = (
    "check",
    "why",
    "plugins",
    "catalogue",
    "serve",
    "worker",
    "new-keys",
    "counts",
    "deliveries",
)


def assert_clear(done, code):
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "\x1b[" not in done.stdout + done.stderr


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_every_command_with_a_sentence(run, option):
    done = run(option)
    assert_clear(done, 0)
    for command in COMMANDS:
        assert any(
            line.strip().startswith(command) and line.rstrip().endswith(".")
            for line in done.stdout.splitlines()
        ), command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run, command):
    done = run(command, "--help")
    assert_clear(done, 0)
    assert "--config" in done.stdout


def test_version(run):
    done = run("--version")
    assert_clear(done, 0)
    assert done.stdout.startswith("selvbetjening, version ")


def test_help_imports_nothing_it_does_not_need(run):
    program = """
import sys
from selvbetjening_core.cli.main import main
try:
    main(["--help"])
except SystemExit:
    pass
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""
    done = run(program=program)
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    assert "selvbetjening_core" in loaded
    assert loaded.isdisjoint({"pyramid", "deform", "sqlalchemy", "alembic", "webob", "waitress"})
    plugins = {name for name in loaded if name.startswith("selvbetjening_")}
    assert plugins == {"selvbetjening_core"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["chek"], 'There is no command "chek". Did you mean "check"?'),
        (["pluginss"], 'Did you mean "plugins"?'),
        (["xyzzy"], 'There is no command "xyzzy".'),
        (["check", "--confg", "x"], "--config"),
        (["check", "--format", "xml"], "'xml' is not one of 'text', 'json'"),
        (["why"], "Missing argument 'ROLE'"),
        (["why", "payment"], "Missing option '--municipality'"),
        (["serve", "--port", "http"], "'http' is not a valid integer"),
        (["serve", "--port", "99999"], "99999 is not in the range"),
        (["check", "extra"], "unexpected extra argument"),
    ],
)
def test_typos_are_answered(run, typed, told):
    done = run(*typed)
    assert_clear(done, 2)
    assert told in done.stderr


def test_no_command_shows_the_help(run):
    done = run()
    assert_clear(done, done.returncode)
    assert "Commands:" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        (["plugins"], 0, "plugin set standard"),
        (["why", "payment", "-m", "0773", "-s", "sundhedskort"], 0, "card"),
    ],
)
def test_what_only_reads_looks_at_the_demo_where_nothing_is_here(run, command, code, told):
    done = run(*command)
    assert done.returncode == code
    assert "this is the shipped demo" in done.stderr
    assert told in done.stdout


@pytest.mark.parametrize(
    "command", [["check"], ["counts"], ["health"], ["serve"], ["worker"], ["new-keys"]]
)
def test_what_does_something_needs_an_installation(run, command):
    done = run(*command)
    assert_clear(done, 2)
    assert "There is no file selvbetjening.toml." in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["selvbetjening.toml.txt", "Selvbetjening.TOML"])
def test_an_installation_whose_file_was_saved_as_something_else(run, tmp_path, name):
    (tmp_path / name).write_text("", encoding="utf-8")
    done = run("check", "--config", str(tmp_path))
    assert_clear(done, 2)
    assert f"but a file {tmp_path / name}." in done.stderr
    assert 'Call it "selvbetjening.toml".' in done.stderr


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (["--config", "nowhere"], "There is no file nowhere."),
        (["--config", ""], "There is no file selvbetjening.toml."),
        (["--config", "."], "There is no file selvbetjening.toml."),
        (["--config", "x" * 5000], "The file cannot be read: "),
        (["--config", "package:nobody"], 'There is no installed package "nobody".'),
        (["--config", "package:nobody.inside"], 'There is no installed package "nobody.inside".'),
        (["--config", "package:"], 'There is no installed package "".'),
        (["--config", "package:sys"], 'There is no installed package "sys".'),
        (["--config", "package:json"], "There is no file "),
    ],
)
def test_an_installation_that_is_not_there(run, config, told):
    done = run("check", *config)
    assert_clear(done, 2)
    assert told in done.stderr
    assert done.stdout == ""


def test_the_shipped_demo_is_pointed_to(run):
    assert "package:selvbetjening_demo" in run("counts").stderr


def test_three_ways_to_name_the_installation(run, demo):
    for options in (
        {"cwd": demo},
        {"SELVBETJENING_CONFIG": str(demo)},
        {"SELVBETJENING_CONFIG": str(demo / "selvbetjening.toml")},
    ):
        done = run("check", **options)
        assert_clear(done, 0)
        assert "\n0 errors" in done.stdout


def test_check_shows_what_it_read(run):
    done = run("check", "--config", "package:selvbetjening_demo")
    assert_clear(done, 0)
    assert "0751 Aarhus Kommune, 0773 Morsø Kommune" in done.stdout
    assert "solutions: sundhedskort" in done.stdout


@pytest.mark.fetched
def test_check_for_programs(run, demo):
    done = run("check", "--config", str(demo), "--format", "json", PYTHONIOENCODING="ascii")
    assert_clear(done, 0)
    (warning,) = json.loads(done.stdout)
    assert (warning["severity"], warning["code"]) == ("warning", "price-old")
    assert set(warning) == {"severity", "code", "file", "line", "path", "message", "advice"}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_that_cannot_show_every_sign(run, demo, encoding):
    done = run("check", "--config", str(demo), PYTHONIOENCODING=encoding)
    assert_clear(done, 0)


@pytest.mark.fetched
def test_one_error_is_told_with_its_place_from_here(run, demo, tmp_path):
    copy = shutil.copytree(demo, tmp_path / "mine")
    file = copy / "municipalities" / "0773.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"0773"', '"0733"', 1), encoding="utf-8")
    done = run("check", "--config", "mine")
    assert_clear(done, 1)
    line = text[: text.index('"0773"')].count("\n") + 1
    assert f"mine/municipalities/0773.toml:{line}: error [bad-kommunekode]  code" in done.stdout
    assert "1 error, 1 warning" in done.stdout
    for command in (["plugins"], ["why", "payment", "-m", "0773", "-s", "sundhedskort"]):
        other = run(*command, "--config", "mine")
        assert_clear(other, 1)
        assert "bad-kommunekode" in other.stdout


COLOURED = """
import sys
from click.testing import CliRunner
from selvbetjening_core.cli.main import main
result = CliRunner().invoke(main, sys.argv[1:], color=True)
print("COLOUR" if "\\x1b[" in result.output else "PLAIN")
"""


def test_colours_are_for_terminals(run, demo):
    assert "COLOUR" in run("check", "--config", str(demo), program=COLOURED).stdout
    assert "\x1b[" not in run("check", "--config", str(demo)).stdout


def test_no_color_is_honoured(run, demo):
    done = run("check", "--config", str(demo), program=COLOURED, NO_COLOR="1")
    assert "PLAIN" in done.stdout


WITHOUT = """
import sys

# What stands here as nothing is a module that cannot be found.
sys.modules.update(dict.fromkeys({missing!r}))
from selvbetjening_core.cli.main import main
main(prog_name="selvbetjening")
"""
WEB = ("pyramid", "deform", "webob", "waitress", "webtest")
STORE = ("sqlalchemy", "alembic", "cryptography")


@pytest.mark.parametrize(
    ("command", "missing", "extra"),
    [
        ("serve", WEB, "web"),
        ("serve", (*WEB, *STORE), "web"),
        ("serve", STORE, "store"),
        ("worker", STORE, "store"),
        ("worker", (*WEB, *STORE), "store"),
        ("counts", STORE, "store"),
    ],
)
def test_what_needs_an_extra_says_which(run, demo, command, missing, extra):
    done = run(command, "--config", str(demo), program=WITHOUT.format(missing=missing))
    assert_clear(done, 2)
    assert f"pip install 'selvbetjening[{extra}]'" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "command", [["check"], ["plugins"], ["why", "payment", "-m", "0773", "-s", "sundhedskort"]]
)
def test_what_needs_none_does_without(run, demo, command):
    program = WITHOUT.format(missing=(*WEB, *STORE))
    assert_clear(run(*command, "--config", str(demo), program=program), 0)


def test_the_control_for_missing_parts_works(run):
    done = run(program=WITHOUT.format(missing=("click",)))
    assert "import of click halted" in done.stderr


def test_python_is_the_one_of_the_tests(run):
    assert run(program="import sys; print(sys.executable)").stdout.strip() == sys.executable


def test_new_keys_are_made_once(run, tmp_path):
    run_in = {"cwd": tmp_path}
    file = tmp_path / "selvbetjening.toml"
    shipped = files("selvbetjening_demo") / "installation"
    with as_file(shipped) as folder:
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    done = run("new-keys", "--config", str(file), **run_in)
    assert done.returncode == 0, done.stderr
    keys = tmp_path / "secrets" / "keys.json"
    assert keys.stat().st_mode & 0o077 == 0
    before = keys.read_bytes()
    again = run("new-keys", "--config", str(file), **run_in)
    assert_clear(again, 2)
    assert "left alone" in again.stderr
    assert keys.read_bytes() == before
