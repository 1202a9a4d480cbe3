"""A real server reads its installation anew while citizens are served."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HOST = "mors.localhost"
PLUGIN = """
import time
from pathlib import Path

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.values import AssuranceLevel, Health, Setting


def note(context, what):
    with Path(context.settings["notes"]).open("a") as file:
        file.write(f"{what} {context.settings['word']}\\n")


@hookimpl
def selvbetjening_settings():
    return [
        Setting("word", "text", "What the page says."),
        Setting("notes", "path", "What happened."),
    ]


@hookimpl
def selvbetjening_web(config, context):
    def word(request):
        return Response(context.settings["word"], content_type="text/plain")

    def slow(request):
        note(context, "begun")
        go_on = Path(context.settings["notes"]).with_name("go-on")
        until = time.monotonic() + 60
        while not go_on.exists() and time.monotonic() < until:
            time.sleep(0.02)
        note(context, "ended")
        return word(request)

    for name, view in (("word", word), ("slow", slow), ("own", word)):
        config.add_route(f"acme_{name}", f"/{name}")
        citizen = {"permission": "citizen", "level": AssuranceLevel.LOW}
        who = citizen if name == "own" else {"permission": NO_PERMISSION_REQUIRED}
        config.add_view(view, route_name=f"acme_{name}", **who)


@hookimpl
def selvbetjening_commands(group, context):
    @group.command("say")
    def say():
        print(context.settings["word"])


@hookimpl
def selvbetjening_ready(context):
    note(context, "ready")
    raise RuntimeError("stops nothing")


@hookimpl
def selvbetjening_teardown(context):
    note(context, "teardown")


@hookimpl
def selvbetjening_health(context):
    return [Health("acme", is_ok=context.settings["word"] != "ill", text="asked")]


@hookimpl
def selvbetjening_case_event(event, context):
    note(context, f"{event.kind} {event.solution} {event.municipality_code}")
"""


@dataclass
class Server:
    """``selvbetjening serve`` in a process of its own."""

    folder: Path
    port: int
    process: subprocess.Popen
    told: list[str] = field(default_factory=list)

    def get(self, path, host=HOST):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def word(self):
        return self.get("/-/plugins/acme/word")

    def notes(self):
        file = self.folder / "notes"
        return file.read_text().splitlines() if file.exists() else []

    def write(self, word):
        file = self.folder / "plugin_sets" / "standard.toml"
        text = file.read_text("utf-8")
        file.write_text(
            re.sub("^word = .*$", f'word = "{word}"', text, flags=re.MULTILINE), "utf-8"
        )

    def let_slow_pages_end(self):
        (self.folder / "go-on").touch()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)


@pytest.fixture
def with_plugin(installation, tmp_path, monkeypatch):
    """The demo with a vendor's plugin in its plugin set."""
    site = tmp_path / "site"
    info = site / "acme-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[selvbetjening.plugins]\nacme = acme_plugin\n")
    (site / "acme_plugin.py").write_text(PLUGIN)
    path = [str(site), *(os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, path)))
    file = installation / "plugin_sets" / "standard.toml"
    text = file.read_text("utf-8")
    assert "plugins = [" in text
    text = text.replace("plugins = [", 'plugins = ["acme", ', 1)
    file.write_text(f'{text}\n[plugin.acme]\nword = "one"\nnotes = "notes"\n', "utf-8")
    return installation


def command(folder, *arguments):
    return [
        sys.executable,
        "-W",
        "ignore:pkg_resources is deprecated",
        "-m",
        "selvbetjening_core.cli",
        *arguments,
        "--config",
        str(folder),
    ]


@pytest.fixture
def server(with_plugin, eventually):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        command(with_plugin, "serve", "--port", str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    found = Server(with_plugin, port, process)
    reader = threading.Thread(target=lambda: found.told.extend(process.stdout), daemon=True)
    reader.start()
    eventually(lambda: any("serving on" in line for line in found.told), 20)
    yield found
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    finally:
        process.kill()
        reader.join(5)
        process.stdout.close()


def test_requests_go_on_while_it_is_read_anew(server, eventually):
    assert server.word() == (200, "one")
    answers, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            answers.append(server.word())

    asking = [threading.Thread(target=ask) for _ in range(3)]
    slow = []
    waiting = threading.Thread(target=lambda: slow.append(server.get("/-/plugins/acme/slow")))
    for thread in (*asking, waiting):
        thread.start()
    try:
        eventually(lambda: "begun one" in server.notes())
        server.write("two")
        server.reload()
        eventually(lambda: server.word() == (200, "two"), 20)
        assert slow == []
        server.let_slow_pages_end()
        waiting.join(20)
        eventually(lambda: "teardown one" in server.notes(), 20)
    finally:
        stop.set()
        for thread in asking:
            thread.join(20)
    assert set(answers) == {(200, "one"), (200, "two")}
    assert slow == [(200, "one")], "what is under way ends with what it began with"
    assert server.notes() == ["ready one", "begun one", "ready two", "ended one", "teardown one"]
    assert any(
        "plugin acme failed in selvbetjening_ready: RuntimeError" in one for one in server.told
    )


def test_what_is_wrong_is_told_and_the_old_goes_on(server, eventually):
    file = server.folder / "municipalities" / "0773.toml"
    right = file.read_text("utf-8")
    file.write_text(
        right.replace("code", "cod", 1) + '\n[component.x]\nplugin = "nobody"\n', "utf-8"
    )
    server.write("two")
    server.reload()
    eventually(lambda: any("not reloaded" in line for line in server.told), 20)
    told = "".join(server.told)
    assert "[unknown-key]" in told
    assert "[unknown-plugin]" in told
    assert "2 errors" in told
    assert server.word() == (200, "one")
    assert server.get("/")[0] == 200
    file.write_text(right, "utf-8")
    server.reload()
    eventually(lambda: server.word() == (200, "two"), 20)


@pytest.fixture
def two_threads(with_plugin):
    file = with_plugin / "selvbetjening.toml"
    file.write_text(file.read_text("utf-8") + "\n[web]\nthreads = 2\n", "utf-8")


@pytest.mark.usefixtures("two_threads")
def test_as_many_requests_are_served_at_once_as_the_installation_says(server, eventually):
    with ThreadPoolExecutor(3) as pool:
        slow = [pool.submit(server.get, "/-/plugins/acme/slow") for _ in "12"]
        eventually(lambda: server.notes().count("begun one") == 2, 20)
        third = pool.submit(server.word)
        with pytest.raises(TimeoutError):
            third.result(1)
        server.let_slow_pages_end()
        assert third.result(20) == (200, "one")
        assert [one.result(20)[0] for one in slow] == [200, 200]


def test_with_threads_left_a_slow_page_holds_up_nobody(server, eventually):
    """Negative control."""
    with ThreadPoolExecutor(2) as pool:
        slow = [pool.submit(server.get, "/-/plugins/acme/slow") for _ in "12"]
        eventually(lambda: server.notes().count("begun one") == 2, 20)
        assert server.word() == (200, "one")
        assert "ended one" not in server.notes()
        server.let_slow_pages_end()
        assert [one.result(20)[0] for one in slow] == [200, 200]


@pytest.mark.parametrize("more", ["[delivery]\nattempt_seconds = 7", "[web]\nthreads = 7"])
def test_what_needs_a_restart_is_told(server, eventually, more):
    file = server.folder / "selvbetjening.toml"
    file.write_text(f"{file.read_text('utf-8')}\n{more}\n", "utf-8")
    server.reload()
    eventually(lambda: any("[needs-restart]" in line for line in server.told), 20)
    assert server.word() == (200, "one")


def test_a_municipality_that_is_taken_up_is_served(server, eventually):
    file = server.folder / "municipalities" / "0773.toml"
    text = file.read_text("utf-8")
    assert server.get("/", "new.localhost")[0] == 404
    file.write_text(text.replace('"mors.localhost"', '"mors.localhost", "new.localhost"'), "utf-8")
    server.reload()
    eventually(lambda: server.get("/", "new.localhost")[0] == 200, 20)


def test_the_end_of_the_process_is_told_to_plugins(server):
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(20) == 0
    assert server.notes() == ["ready one", "teardown one"]


def test_pages_of_plugins_are_under_our_rules(server):
    assert server.get("/-/plugins/acme/own")[0] == 403
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request(
            "POST",
            "/-/plugins/acme/word",
            "a=1",
            {"Host": f"{HOST}:{server.port}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        assert connection.getresponse().status == 403
    finally:
        connection.close()


def test_health_for_load_balancers_has_no_details(server, eventually):
    assert server.get("/-/health", "anything.example") == (200, "ok")
    database = server.folder / "var" / "demo.sqlite"
    found = list((server.folder / "var").glob("*.sqlite*")) or [database]
    for one in found:
        one.unlink()
    eventually(lambda: server.get("/-/health") == (503, "not ok"), 20)


def run(folder, name, *arguments):
    """A command of ours; its options stand before what belongs to the plugin."""
    return subprocess.run(
        [*command(folder, name), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_commands_of_a_plugin(with_plugin):
    done = run(with_plugin, "plugin", "acme", "say")
    assert (done.returncode, done.stdout) == (0, "one\n"), done.stderr
    assert "acme" in run(with_plugin, "plugin", "--help").stdout
    done = run(with_plugin, "plugin", "amce")
    assert done.returncode == 2
    assert 'did you mean "acme"?' in done.stderr


def test_health_for_operators(server):
    done = run(server.folder, "health")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "store: ok\ndeliveries: ok\nacme: acme: ok  asked\n"
    server.write("ill")
    done = run(server.folder, "health")
    assert done.returncode == 1
    assert "acme: acme: not ok" in done.stdout
