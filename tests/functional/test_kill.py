"""kill -9 of the server: what it has answered to is kept, and delivered once.

Real processes: the server as ``selvbetjening serve`` starts it, killed by the
operating system, and started again on the same folder.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from .conftest import FORM


class Client:
    """A browser in small, over real HTTP, with cookies."""

    def __init__(self, port):
        self.host, self.port, self.cookies, self.text = f"mors.localhost:{port}", port, {}, ""

    def request(self, method, path, fields=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": self.host, "Cookie": cookies, **(FORM if fields else {})}
        connection.request(method, path, urlencode(fields or {}), headers)
        response = connection.getresponse()
        self.text = response.read().decode("utf-8")
        for header in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = header.partition("=")
            self.cookies[name] = rest.split(";")[0]
        connection.close()
        location = response.getheader("Location")
        if response.status == 303 and urlsplit(location).netloc in ("", self.host):
            parts = urlsplit(location)
            return self.request("GET", f"{parts.path}?{parts.query}")
        return response.status, location or path

    def post(self, path, **fields):
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', self.text))
        hidden = {name: unescape(value) for name, value in hidden.items()}
        return self.request("POST", path, {**hidden, **fields})


def start_server(folder, port, eventually):
    process = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "selvbetjening_core.cli",
            "serve",
            "--config",
            str(folder / "selvbetjening.toml"),
            "--port",
            str(port),
        ],
        stdout=subprocess.DEVNULL,
    )

    def answers():
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            return False

    eventually(answers, 60)
    return process


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def folder(installation):
    """With short times for what a dead worker leaves behind."""
    config = installation / "selvbetjening.toml"
    text = config.read_text("utf-8") + "\n[delivery]\nattempt_seconds = 3\nlease_seconds = 3\n"
    config.write_text(text, "utf-8")
    return installation


def log_in(client, provider):
    client.request("GET", "/sundhedskort")
    _, away = client.post("/sundhedskort/start")
    word = dict(parse_qsl(urlsplit(away).query))["request"]
    login = http.client.HTTPConnection(urlsplit(provider.url).netloc, timeout=10)
    body = urlencode({"request": word, "person": "kirsten", "level": "substantial"})
    login.request("POST", "/login", body, FORM)
    back = urlsplit(login.getresponse().getheader("Location"))
    login.close()
    return client.request("GET", f"{back.path}?{back.query}")


def order(client, provider):
    log_in(client, provider)
    client.post("/sundhedskort/trin/person", holder="self")
    client.post("/sundhedskort/trin/reason", cause="married")
    client.post("/sundhedskort/trin/sending", proof="no")
    client.post("/sundhedskort/trin/consent", cancel_old_card="true")
    return client.post("/sundhedskort/opsummering")


def test_killed_right_after_an_answer(folder, port, provider, eventually):
    """The same browser goes on, and another one after a new login, where it was."""
    process = start_server(folder, port, eventually)
    client = Client(port)
    try:
        log_in(client, provider)
        client.post("/sundhedskort/trin/person", holder="self")
        status, path = client.post("/sundhedskort/trin/reason", cause="married")
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert status == 200
    assert path.startswith("/sundhedskort/trin/sending")

    process = start_server(folder, port, eventually)
    other = Client(port)
    try:
        client.request("GET", "/sundhedskort/trin/reason")
        assert log_in(other, provider)[1].startswith("/sundhedskort/trin/sending")
        other.request("GET", "/sundhedskort/trin/reason")
    finally:
        process.terminate()
        process.wait(20)
    for one in (client, other):
        assert checked(one.text) == ["married"]


def checked(html):
    return [
        re.search(r'value="([^"]*)"', tag)[1]
        for tag in re.findall(r"<input[^>]*type=\"radio\"[^>]*>", html)
        if " checked" in tag
    ]


def test_killed_right_after_the_receipt(folder, port, provider, mailbox, eventually):
    process = start_server(folder, port, eventually)
    client = Client(port)
    try:
        status, path = order(client, provider)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert status == 200
    assert "/kvittering/" in path
    number = re.search(r"\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", client.text)[0]

    process = start_server(folder, port, eventually)
    try:
        journal = folder / "var" / "journal-0773"
        (case,) = eventually(lambda: list(journal.glob("*/case.json")), 60)
        assert json.loads(case.read_text("utf-8"))["case"]["receipt_number"] == number

        def settled():
            client.request("GET", f"{path.partition('?')[0]}/status")
            return "Sendes snart" not in client.text and "På vej" not in client.text

        eventually(settled, 60)
    finally:
        process.terminate()
        process.wait(20)
    assert len(list(journal.iterdir())) == 1
    # SMTP cannot tell whether a mail that was under way has left: it is either
    # delivered once, or parked for a person, who is told so. Never twice.
    told = "Bliver behandlet af en medarbejder" in client.text
    assert len(mailbox.mails) == 1 or (told and len(mailbox.mails) <= 1)
