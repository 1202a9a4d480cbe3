"""The fixtures of embedding: installations, servers on loopback, a real provider."""

from __future__ import annotations

import secrets
import subprocess
import sys
import threading

import pytest
import waitress
from embed_site import (
    DEMO_LOGIN,
    EXAMPLES,
    INSTALLATION,
    MUNICIPALITY,
    PLUGINS,
    Browser,
    free_port,
    wait_for,
)

from selvbetjening_core.store.key_file import create_key_file
from selvbetjening_demo.provider.server import ProviderServer, stop_server


@pytest.fixture(scope="session")
def provider():
    with ProviderServer(late_seconds=0.3, retry_seconds=0.05) as server:
        yield server


@pytest.fixture
def make_installation(tmp_path, provider):
    """Write an installation with one municipality; its file's path."""

    def make(*prefixes: str, name="town", login="", code="0773", called="Morsø Kommune", host=""):
        folder = tmp_path / name
        for inner in ("secrets", "var", "plugin_sets", "municipalities"):
            (folder / inner).mkdir(parents=True)
        create_key_file(folder / "secrets" / "keys.json")
        (folder / "secrets" / "provider").write_text(provider.secret)
        for secret in ("seal", "host"):
            (folder / "secrets" / secret).write_text(secrets.token_urlsafe(32))
        text = MUNICIPALITY.format(
            code=code,
            name=called,
            provider=provider.url,
            prefixes=", ".join(f'"{one}"' for one in prefixes),
            login=login or DEMO_LOGIN.format(provider=provider.url),
        )
        if host:
            text = text.replace("prefixes = []", f'hosts = ["{host}"]')
        (folder / "municipalities" / f"{code}.toml").write_text(text, "utf-8")
        (folder / "plugin_sets" / "standard.toml").write_text(PLUGINS)
        (folder / "selvbetjening.toml").write_text(
            INSTALLATION.replace('["localhost"]', "[]") if host else INSTALLATION
        )
        return folder / "selvbetjening.toml"

    return make


@pytest.fixture
def serve():
    """Serve a WSGI application on loopback; its address."""
    running = []

    def start(app, port=0):
        sockets = {}
        server = waitress.create_server(app, map=sockets, host="127.0.0.1", port=port, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread, sockets))
        return f"http://localhost:{server.effective_port}"

    yield start
    for server, thread, sockets in running:
        stop_server(server, thread, sockets)


@pytest.fixture
def start_example(tmp_path):
    """Start an example as a reader would, in a process of its own; its address."""
    running = []

    def start(name, *arguments, port=0):
        port = port or free_port()
        with (tmp_path / f"{name}.log").open("w") as log:
            command = [sys.executable, "-W", "ignore", str(EXAMPLES / name), str(port), *arguments]
            process = subprocess.Popen(
                [str(part) for part in command], stdout=subprocess.PIPE, stderr=log, text=True
            )
        running.append(process)
        url = process.stdout.readline().strip()
        assert url, (tmp_path / f"{name}.log").read_text()
        wait_for(port)
        return url

    yield start
    for process in running:
        process.terminate()
        process.wait(15)
        process.stdout.close()


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def another_browser():
    return Browser()
