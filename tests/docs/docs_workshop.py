"""A folder in which a page is followed to the letter."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from docs_blocks import ROOT, Block
from docs_citizen import Lost, order
from docs_commands import misunderstood

PORTS = ("8080", "6544", "2525", "8231")
WITHIN_SECONDS = 60


class Wrong(AssertionError):
    """What a page shows is not what happens."""


class Workshop:
    """Writes the files of a page, runs its commands, compares what they print."""

    def __init__(self, folder: Path, given: Mapping[str, Callable[[Path], None]]) -> None:
        self.home = folder
        self.folder = folder
        self.site = folder.parent / f"{folder.name}-site"
        self._starts = given
        self._ports = {port: str(_free_port()) for port in PORTS}
        self._running: list[tuple[subprocess.Popen[str], Path]] = []
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "SELVBETJENING_CONFIG"},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(self.site), os.environ.get("PYTHONPATH", "")]),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "COLUMNS": "80",
            "NO_COLOR": "1",
        }

    def follow(self, blocks: list[Block]) -> None:
        """Every block in order; what is started is ended at the end.

        :raises Wrong: with the place on the page
        """
        try:
            for block in blocks:
                try:
                    getattr(self, f"_{block.way}")(block)
                except Wrong as wrong:
                    raise Wrong(f"{block.place}: {wrong}") from None
        finally:
            self.close()

    def close(self) -> None:
        """End what was started."""
        for process, _ in reversed(self._running):
            process.terminate()
        for process, _ in self._running:
            process.wait(20)
        self._running.clear()

    # -- one method for each way -------------------------------------------

    def _given(self, block: Block) -> None:
        if block.about not in self._starts:
            raise Wrong(f"there is no {block.about!r} to begin with")
        self._starts[block.about](self.folder)

    def _file(self, block: Block) -> None:
        file = self.folder / block.about
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self._ours(block.text), encoding="utf-8")

    def _append(self, block: Block) -> None:
        file = self._existing(block.about)
        text = file.read_text(encoding="utf-8")
        file.write_text(f"{text}\n{self._ours(block.text)}", encoding="utf-8")

    def _replace(self, block: Block) -> None:
        name, _, old = block.about.partition(": ")
        file = self._existing(name)
        text = file.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise Wrong(f"{name} has {old!r} {text.count(old)} times")
        new = self._ours(block.text.rstrip("\n"))
        file.write_text(text.replace(old, new), encoding="utf-8")

    def _excerpt(self, block: Block) -> None:
        name = self.folder / block.about
        file = name if name.exists() else ROOT / block.about
        if self._ours(block.text) not in file.read_text(encoding="utf-8") + "\n":
            raise Wrong(f"these lines do not stand in {block.about}")

    def _tree(self, block: Block) -> None:
        for line in block.text.splitlines():
            name = line.split("  ")[0].strip()
            if not (self.folder / name).exists():
                raise Wrong(f"there is no {name}")

    def _test(self, block: Block) -> None:
        name, _, function = block.about.partition("::")
        file = ROOT / name
        if not file.is_file() or f"\ndef {function}(" not in file.read_text(encoding="utf-8"):
            raise Wrong(f"there is no test {block.about}")

    def _parse(self, block: Block) -> None:
        for line in block.text.splitlines():
            command = line.removeprefix("$ ").partition("  #")[0].partition(" > ")[0].strip()
            problem = misunderstood(command) if command else ""
            if problem:
                raise Wrong(f"{command}: {problem}")

    def _run(self, block: Block) -> None:
        code = 0
        for command, shown in _commands(block.text):
            code, printed = self._one(command)
            _compare(command, shown, self._theirs(printed))
        expected = int(block.about or 0)
        if code != expected:
            raise Wrong(f"exit code {code}, not {expected}")

    def _start(self, block: Block) -> None:
        ((command, shown),) = _commands(block.text)
        log = self.folder.parent / f"started-{len(self._running)}.log"
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {self._ours(command)}"],
                cwd=self.folder,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self._running.append((process, log))
        deadline = time.monotonic() + WITHIN_SECONDS
        while True:
            printed = self._theirs(log.read_text(encoding="utf-8"))
            if _fits(shown, printed.splitlines()):
                return
            if process.poll() is not None or time.monotonic() > deadline:
                raise Wrong(f"{command} printed\n{printed}")
            time.sleep(0.1)

    def _open(self, block: Block) -> None:
        url, _, wanted = block.about.partition(": ")
        deadline = time.monotonic() + WITHIN_SECONDS
        while True:
            try:
                page = _get(self._ours(url))
                break
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Wrong(f"{url}: {error}") from None
                time.sleep(0.1)
        if wanted not in page:
            raise Wrong(f"{url} does not show {wanted!r}")

    def _order(self, block: Block) -> None:
        url, _, arrived = block.about.partition(": ")
        try:
            order(self._ours(url), arrived, WITHIN_SECONDS)
        except (Lost, OSError) as error:
            raise Wrong(f"an order at {url}: {error}") from None

    # -- how ------------------------------------------------------------------

    def _one(self, command: str) -> tuple[int, str]:
        words = shlex.split(command)
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
            return 0, ""
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self._environment[name] = self._ours(value)
            return 0, ""
        if words[:2] == ["pip", "install"]:
            self._install(words[-1])
            if "-e" in words:
                self._keep_editable(words[-1])
            return 0, ""
        done = subprocess.run(
            ["/bin/sh", "-c", self._ours(command)],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=WITHIN_SECONDS,
            check=False,
        )
        return done.returncode, done.stdout

    def _install(self, project: str) -> None:
        """As pip would, without asking a network for what is here already."""
        pip = [sys.executable, "-W", "ignore", "-m", "pip", "install", "--quiet"]
        alone = ["--no-index", "--no-deps", "--no-build-isolation", "--upgrade"]
        subprocess.run(
            [*pip, *alone, "--target", str(self.site), str(self.folder / project)],
            cwd=self.home.parent,
            check=True,
            capture_output=True,
            timeout=WITHIN_SECONDS,
        )

    def _keep_editable(self, project: str) -> None:
        """What is changed in its folder counts at once, before what was installed."""
        folder = self.folder / project.partition("[")[0]
        for left in (folder / "build", *folder.glob("*.egg-info")):
            shutil.rmtree(left, ignore_errors=True)
        path = self._environment["PYTHONPATH"]
        if str(folder) not in path.split(os.pathsep):
            self._environment["PYTHONPATH"] = os.pathsep.join([str(folder), path])

    def _existing(self, name: str) -> Path:
        file = self.folder / name
        if not file.is_file():
            raise Wrong(f"there is no file {name}")
        return file

    def _ours(self, text: str) -> str:
        """With ports that are free here."""
        return re.sub(
            r"(?<![0-9])(" + "|".join(PORTS) + r")(?![0-9])", lambda m: self._ports[m[0]], text
        )

    def _theirs(self, text: str) -> str:
        """As the page would show it."""
        for port, ours in self._ports.items():
            text = text.replace(ours, port)
        return text


def _commands(text: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1][0].endswith("\\"):
            found[-1] = (f"{found[-1][0][:-1].rstrip()} {line.strip()}", [])
        elif found:
            found[-1][1].append(line.rstrip())
        elif line:
            raise Wrong("a block that is run begins with a command: $ …")
    return found


def _compare(command: str, shown: list[str], printed: str) -> None:
    lines = [line.rstrip() for line in printed.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    while shown and not shown[-1]:
        shown.pop()
    if not _fits(shown, lines):
        raise Wrong(f"{command}\nprints\n{printed}\nthe page shows\n" + "\n".join(shown))


def _fits(shown: list[str], printed: list[str]) -> bool:
    """Line by line; ``...`` alone stands for any lines, and within one for any text."""
    if not shown:
        return not printed
    if shown[0].strip() == "...":
        return any(_fits(shown[1:], printed[start:]) for start in range(len(printed) + 1))
    pattern = ".*".join(re.escape(part) for part in shown[0].split("..."))
    return (
        bool(printed)
        and re.fullmatch(pattern, printed[0].rstrip()) is not None
        and _fits(shown[1:], printed[1:])
    )


def _get(url: str) -> str:
    try:
        # Only what the pages themselves say is open, on this machine.
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return str(error.read().decode())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
