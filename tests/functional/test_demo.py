"""The demo as a newcomer starts it: a process that says where to go, and is there."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def fetch(port, host, path="/"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": f"{host}:{port}"})
    response = connection.getresponse()
    text = response.read().decode("utf-8")
    connection.close()
    # Whoever looks for old versions learns nothing.
    assert response.getheader("Server") is None
    return response.status, text


def children_of(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")
@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGHUP])
def test_it_says_where_it_is_and_ends_whole(tmp_path, port, ended_by):
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "selvbetjening_demo", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = []
        while "Ctrl-C" not in "".join(lines[-1:]):
            line = process.stdout.readline()
            assert line, "".join(lines)
            lines.append(line)
        # Ready within 3 s on a quiet machine; other tests may run beside this one.
        assert time.monotonic() - begun < 15
        said = "".join(lines)
        for address in (f"http://localhost:{port}/", f"http://mors.localhost:{port}/"):
            assert address in said
        assert "Kirsten Test Berggren" in said
        assert fetch(port, "localhost")[0] == 200
        assert "Morsø Kommune" in fetch(port, "mors.localhost")[1]
        assert "Aarhus Kommune" in fetch(port, "aarhus.localhost")[1]
        assert "Aarhus Kommune" in fetch(port, "localhost", "/aarhus/")[1]
        children = children_of(process.pid)
        assert len(children) == 2
    finally:
        process.send_signal(ended_by)
        process.wait(30)
        process.stdout.close()
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_a_port_that_is_taken_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = subprocess.run(
            [
                sys.executable,
                "-W",
                "ignore",
                "-m",
                "selvbetjening_demo",
                "--port",
                str(taken.getsockname()[1]),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert "Port" in ended.stderr
    assert "--port" in ended.stderr
    assert "Traceback" not in ended.stderr
