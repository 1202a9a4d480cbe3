"""Serving: what goes wrong before the first request."""

from __future__ import annotations

import shutil
import socket

import pytest

from selvbetjening_core.store.key_file import create_key_file


@pytest.fixture
def ready(demo, tmp_path):
    """The demo with its secrets in place."""
    folder = shutil.copytree(demo, tmp_path / "demo")
    secrets = folder / "secrets"
    secrets.mkdir()
    create_key_file(secrets / "keys.json")
    for name in ("provider", "seal-0773", "seal-0751"):
        (secrets / name).write_text("0123456789abcdef0123456789abcdef")
    return folder


@pytest.fixture
def run_ready(run, ready):
    def start(*arguments):
        return run(
            *arguments,
            "--config",
            str(ready),
            SELVBETJENING_DEMO_PROVIDER="http://127.0.0.1:9",
            SELVBETJENING_DEMO_SMTP="smtp://127.0.0.1:9",
        )

    return start


def test_a_port_that_is_taken(run_ready):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_ready("serve", "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} on 127.0.0.1 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_of_nobody(run_ready):
    done = run_ready("serve", "--https", "--host", "256.1.1.1")
    assert done.returncode == 2
    assert "256.1.1.1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])  # noqa: S104 - refused
def test_plain_http_is_for_this_machine_alone(run_ready, host):
    done = run_ready("serve", "--port", "0", "--host", host)
    assert done.returncode == 2
    assert f'Plain http on "{host}"' in done.stderr
    assert "--https" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_missing_secret_is_told_with_its_place(run_ready, ready, command):
    (ready / "secrets" / "seal-0773").unlink()
    done = run_ready(command)
    assert done.returncode == 1
    assert "error [secret-missing]  component.receipt" in done.stdout
    assert "secrets/seal-0773 cannot be read" in done.stdout


@pytest.mark.parametrize("command", ["counts", "deliveries"])
def test_what_only_looks_into_the_store_needs_no_component(run_ready, ready, command):
    (ready / "secrets" / "seal-0773").unlink()
    done = run_ready(command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_counts_of_nothing(run_ready):
    done = run_ready("counts")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1:] == []


def test_an_engine_that_the_database_cannot_have_is_told(run_ready, ready):
    """Where the address is kept elsewhere, ``check`` does not look: the start does."""
    config = ready / "selvbetjening.toml"
    text = config.read_text("utf-8").replace("sqlite:///var/selvbetjening.sqlite", "file:url")
    config.write_text(f'{text}\n[delivery]\nengine = "procrastinate"\n', "utf-8")
    (ready / "url").write_text("sqlite:///store.sqlite")
    done = run_ready("worker")
    assert done.returncode == 2
    assert done.stderr.splitlines() == ['engine = "procrastinate" needs a PostgreSQL database']
