"""Starting the demo: provider, mail catcher, server; each a line, then ready."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from selvbetjening_demo.mail_catcher import MailCatcher

READY_WITHIN_SECONDS = 20
_LONGEST_STOP_SECONDS = 15
_POLL_SECONDS = 0.05


class DemoFailed(Exception):
    """A part of the demo did not start; the message says which."""


class Demo:
    """The processes of the demo. The parts talk to each other over loopback alone."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._mail = MailCatcher(folder / "var" / "mail")
        self._processes: list[subprocess.Popen[str]] = []

    def start(self) -> Iterator[str]:
        """Start everything; a line as each part is up.

        :raises DemoFailed: a part did not start
        """
        _expect_free(self.port)
        smtp = self._mail.start()
        yield f"mail catcher      {smtp}"
        provider = self._start_provider()
        yield f"login and payment {provider}"
        environment = {
            "SELVBETJENING_DEMO_PROVIDER": provider,
            "SELVBETJENING_DEMO_SMTP": smtp,
        }
        self._start_server(environment)
        yield f"municipalities    http://localhost:{self.port}"

    def wait(self) -> None:
        """Until a part ends.

        :raises DemoFailed: one did
        """
        while all(process.poll() is None for process in self._processes):
            time.sleep(0.5)
        raise DemoFailed("a part of it ended; see above")

    def stop(self) -> None:
        """End what was started."""
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(_LONGEST_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._mail.stop()

    def _start_provider(self) -> str:
        secret = self.folder / "secrets" / "provider"
        process = self._run(
            ["selvbetjening_demo.provider", "--port", "0", "--secret-file", str(secret)],
            stdout=subprocess.PIPE,
        )
        url = process.stdout.readline().strip() if process.stdout else ""
        if not url:
            raise DemoFailed("the login and payment provider did not start")
        return url

    def _start_server(self, environment: dict[str, str]) -> None:
        config = str(self.folder / "selvbetjening.toml")
        process = self._run(
            ["selvbetjening_core.cli", "serve", "--config", config, "--port", str(self.port)],
            environment=environment,
            # What is wrong with the demo's files is said there.
            stdout=None,
        )
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self._answers():
            if process.poll() is not None:
                raise DemoFailed("the server did not start; see above")
            if time.monotonic() > deadline:
                raise DemoFailed(f"the server did not answer within {READY_WITHIN_SECONDS} s")
            time.sleep(_POLL_SECONDS)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def _run(
        self,
        module: list[str],
        *,
        stdout: int | None,
        environment: dict[str, str] | None = None,
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - our own modules, our own arguments
            # -W: what a library says of another library is nothing a visitor can act on.
            [sys.executable, "-W", "ignore", "-m", *module],
            env={**os.environ, **(environment or {})},
            stdout=stdout,
            text=True,
        )
        self._processes.append(process)
        return process


def _expect_free(port: int) -> None:
    """Before anything is started: somebody else's server is not ours.

    :raises DemoFailed: the port is taken
    """
    try:
        with socket.create_server(("127.0.0.1", port)):
            return
    except OSError:
        raise DemoFailed(
            f"Port {port} is taken. Choose another with --port"
            " (through tox: tox run -e demo -- --port 8231)"
        ) from None
