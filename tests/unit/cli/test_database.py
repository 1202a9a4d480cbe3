"""Where everything is kept: looking at it, and moving it."""

from __future__ import annotations

import shutil

import pytest

from selvbetjening_core.store.engine import downgrade, open_engine
from selvbetjening_core.store.key_file import create_key_file

OLD = 'database = "sqlite:///var/selvbetjening.sqlite"'
AWAY = "postgresql://nobody:hidden-word@127.0.0.1:9/none"


@pytest.fixture
def ready(demo, tmp_path):
    """The demo with its secrets in place."""
    folder = shutil.copytree(demo, tmp_path / "demo")
    (folder / "secrets").mkdir()
    create_key_file(folder / "secrets" / "keys.json")
    for name in ("provider", "seal-0773", "seal-0751"):
        (folder / "secrets" / name).write_text("0123456789abcdef0123456789abcdef")
    return folder


@pytest.fixture
def run_ready(run, ready):
    def start(*arguments, database=""):
        done = run(
            *arguments,
            "--config",
            str(ready),
            SELVBETJENING_DEMO_PROVIDER="http://127.0.0.1:9",
            SELVBETJENING_DEMO_SMTP="smtp://127.0.0.1:9",
            NEW_DATABASE=database,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert "hidden-word" not in done.stdout + done.stderr
        return done

    return start


@pytest.fixture
def use(ready):
    """Write another database into [store]."""

    def use(database):
        file = ready / "selvbetjening.toml"
        text = file.read_text(encoding="utf-8")
        assert OLD in text
        file.write_text(text.replace(OLD, f'database = "{database}"'), encoding="utf-8")

    return use


def test_what_is_there_is_moved_and_then_used(run_ready, use, postgres_url):
    assert run_ready("counts").returncode == 0
    moved = run_ready("database", "move", "--to", "env:NEW_DATABASE", database=postgres_url)
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert 'database = "env:NEW_DATABASE"' in moved.stdout
    assert "0 rows in " in moved.stdout

    use("env:NEW_DATABASE")
    # Made by the server's administrator, whom no row-level security holds for.
    looked = run_ready("database", "check", database=postgres_url)
    assert "warning: the role that it logs in as" in looked.stdout
    assert (looked.returncode, looked.stdout.splitlines()[0]) == (0, "postgresql: can be used")
    assert "store: ok" in run_ready("health", database=postgres_url).stdout
    assert run_ready("counts", database=postgres_url).returncode == 0


def test_a_plain_role_is_enough_for_everything(run_ready, use, postgres, postgres_url):
    plain = postgres.owned_by_plain_role(postgres_url)
    run_ready("counts")
    moved = run_ready("database", "move", "--to", "env:NEW_DATABASE", database=plain)
    assert moved.returncode == 0, moved.stdout + moved.stderr
    use("env:NEW_DATABASE")
    assert "warning" not in run_ready("database", "check", database=plain).stdout
    assert "store: ok" in run_ready("health", database=plain).stdout.splitlines()
    assert run_ready("counts", database=plain).returncode == 0


def test_a_relative_path_starts_from_the_installation(run_ready, ready):
    run_ready("counts")
    moved = run_ready("database", "move", "--to", "sqlite:///var/second.sqlite")
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert (ready / "var" / "second.sqlite").is_file()
    again = run_ready("database", "move", "--to", "sqlite:///var/selvbetjening.sqlite")
    assert again.returncode == 2
    assert again.stderr == "Nothing was moved: it is the same database\n"


def test_a_password_on_the_command_line_is_refused(run_ready):
    done = run_ready("database", "move", "--to", AWAY)
    assert done.returncode == 2
    assert "env:NAME" in done.stderr


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("env:NOT_SET", "the environment variable NOT_SET is not set"),
        ("env:NEW_DATABASE", "the database cannot be reached"),
        ("mysql://host/name", "must be sqlite"),
        ("nonsense", "must be sqlite"),
    ],
)
def test_where_it_cannot_move_to(run_ready, to, told):
    run_ready("counts")
    done = run_ready("database", "move", "--to", to, database=AWAY)
    assert done.returncode == 2
    assert done.stderr.startswith("Nothing was moved: ")
    assert told in done.stderr


def test_what_check_says_of_the_tables(run_ready, ready):
    missing = run_ready("database", "check")
    assert (missing.returncode, missing.stderr) == (2, "there is no database yet\n")
    run_ready("counts")
    assert run_ready("database", "check").stdout == (
        "sqlite: can be used\nits tables are up to date (0007)\n"
    )
    engine = open_engine(f"sqlite:///{ready}/var/selvbetjening.sqlite")
    downgrade(engine, "0002")
    engine.dispose()
    older = run_ready("database", "check")
    assert older.returncode == 1
    assert "its tables: 0002; this version needs 0007" in older.stdout


@pytest.mark.parametrize("command", ["serve", "worker", "counts"])
def test_a_server_that_is_not_there_is_told_at_the_start(run_ready, use, command):
    use("env:NEW_DATABASE")
    done = run_ready(command, database=AWAY)
    assert done.returncode == 1
    assert "error [store]" in done.stdout
    assert "the database cannot be reached: " in done.stdout
    assert "refused" in done.stdout
    assert "see that the server runs" in done.stdout


def test_a_server_that_is_not_there_is_told_by_health_and_check(run_ready, use):
    use("env:NEW_DATABASE")
    health = run_ready("health", database=AWAY)
    assert health.returncode == 1
    assert "the database cannot be reached" in health.stdout
    looked = run_ready("database", "check", database=AWAY)
    assert looked.returncode == 2
    assert "the database cannot be reached" in looked.stderr
    # Control: what only reads files does not ask for it.
    assert run_ready("check", database=AWAY).returncode == 0


def test_an_address_that_is_none_is_not_shown(run_ready, use):
    use("env:NEW_DATABASE")
    done = run_ready("counts", database="hidden-word")
    assert done.returncode == 1
    assert "must be sqlite:///path/to/file or postgresql://" in done.stdout


def test_without_the_extra(run, ready, use):
    """As on a machine where it was forgotten."""
    use("postgresql://user@127.0.0.1/name")
    without = (
        "import sys; sys.modules['psycopg'] = None;"
        "from selvbetjening_core.cli.main import main; main()"
    )
    done = run("counts", "--config", str(ready), program=without)
    assert done.returncode == 1
    assert "needs the extra [postgres]" in done.stdout
    assert "Traceback" not in done.stderr
