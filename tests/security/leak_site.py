"""A site of careless vendors, its citizens, and everything that is left behind."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from aiosmtpd.controller import Controller
from citizen import FORM, HOST, Citizen
from harness import Installation, free_port
from postgres import Postgres

from selvbetjening_demo.people import DemoCitizens
from selvbetjening_demo.provider import app as provider_app

_HERE = Path(__file__).parent
PLANTED = (sys.executable, "-W", "ignore", str(_HERE / "leak_planted.py"))
MEANT = "meant"
_UNMASKED = "0123abcd"
"""The code of an error in a log that is not masked."""
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_ADDRESS = re.compile(r'(?:href|action|src|content)="([^"]*)"')
_CODE = re.compile(r"error ([0-9a-f]{8}): (?:Broken|Refused|PluginFailed|Unavailable)")


@dataclass
class Mailbox:
    """What a real mail server on loopback has received."""

    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.original_content)
        return "250 OK"


@contextlib.contextmanager
def at_the_provider(citizens: DemoCitizens) -> Iterator[None]:
    """These citizens can log in."""
    load = provider_app.load_citizens
    provider_app.load_citizens = lambda: citizens
    try:
        yield
    finally:
        provider_app.load_citizens = load


class LeakSite(Installation):
    """The site in ``leak_town``, with a mail server beside it.

    :param fault: the planted fault in every process of it
    """

    def __init__(self, citizens: DemoCitizens, database: str = "", fault: str = "") -> None:
        self.mailbox, self._fault = Mailbox(), fault or "none"
        self._number = citizens.all[0].person.cpr.reveal()
        self.seen: dict[str, list[str]] = defaultdict(list)
        self.metrics = b""
        port = free_port()
        self._mail = Controller(self.mailbox, hostname="127.0.0.1", port=port)
        self._mail.start()
        self._smtp = f"smtp://127.0.0.1:{port}"
        with at_the_provider(citizens):
            super().__init__(database, settings="")
        shutil.copytree(_HERE / "leak_town", self.folder, dirs_exist_ok=True)
        self.token = secrets.token_urlsafe(32)
        token = self.folder / "secrets" / "metrics"
        token.touch(mode=0o600)
        token.write_text(self.token, "ascii")
        (self.folder / "tmp").mkdir()

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._mail.stop()

    @property
    def environment(self) -> dict[str, str]:
        found = super().environment
        path = os.pathsep.join([str(_HERE / "plugins"), found["PYTHONPATH"]])
        return found | {
            "PYTHONPATH": path,
            "LEAK_SMTP": self._smtp,
            "TMPDIR": str(self.folder / "tmp"),
        }

    @property
    def program(self) -> tuple[str, ...]:
        """``selvbetjening`` as it runs here."""
        return (*PLANTED, self._fault)

    def unmasked_log(self) -> Path:
        """An error in a log that somebody else wrote, who masks nothing."""
        log, number = self.folder / "unmasked.log", self._number
        log.write_text(
            f"ERROR other: error {_UNMASKED}: Broken{number} at route=summary step={number}\n"
            f'  File "/home/{number}/handler.py", line 1, in for_{number}\n'
        )
        return log

    def told_by(self, *arguments: str, stdin: str = "") -> bytes:
        """What a command prints, its errors too."""
        done = subprocess.run(
            [*self.program, *arguments, "--config", str(self.config)],
            env=self.environment,
            input=stdin.encode(),
            capture_output=True,
            timeout=120,
            check=False,
        )
        return done.stdout + done.stderr

    def _make_distribution(self) -> None:
        info = self.folder / "distributions" / "leaky-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: leaky\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[selvbetjening.plugins]\nleaky = leaky\n")


class Visitor(Citizen):
    """A citizen who keeps the titles, addresses and cookies of all pages, and tries again."""

    def __init__(
        self, address: tuple[str, int], person: str, seen: Mapping[str, list[str]]
    ) -> None:
        super().__init__(address, person)
        self.seen = seen
        self.hostile = 0
        """How many requests it was that wrote a number where one can write."""

    def journey(self, about: str, *, is_paid: bool, wanders: str = "") -> bool:
        """From the front page to the receipt, pressing again where there was an error.

        :param wanders: a number to write wherever one can while the answers are open
        """
        self.log_in()
        self.post(f"/{self.solution}/trin/cause", cause="lost" if is_paid else "damaged")
        if wanders:
            page = self.text
            self.wander(wanders)
            self.text = page
        self.post(f"/{self.solution}/trin/about", words=about, whose=about)
        for _ in range(3):
            self._press()
            if is_paid and "/pay/" in self.path:
                self._pay()
            if self.status == 200 and "/kvittering" in f"{self.path}{self.text}":
                return True
            # Leads to where the draft stands: a payment under way, the summary, the receipt.
            self.get(f"/{self.solution}/betaling")
            if "/kvittering" in self.path:
                return True
        return False

    def _press(self) -> None:
        """The button of the summary; where a payment is under way, that which asks about it."""
        if self.path.endswith("/betaling"):
            self.post(f"/{self.solution}/betaling", action="check")
        else:
            self.post(f"/{self.solution}/opsummering")

    def wander(self, number: str) -> None:
        """Write a number wherever one can write: in addresses, fields, names of fields, cookies."""
        dashed = f"{number[:6]}-{number[6:]}"
        for path in (
            f"/{number}",
            f"/{self.solution}/trin/{dashed}",
            f"/{self.solution}/trin/about?cpr={number}",
            f"/{self.solution}?cpr={number}",
            f"/{self.solution}/kvittering/{number}",
            f"/-/messages/{number}?{urlencode({'for': dashed})}",
            f"/en/{self.solution}/trin/{number}/{dashed}",
        ):
            self.request("GET", path)
            self.request("POST", path, {number: dashed, "csrf_token": number})
            self.hostile += 2
        self._raw(f"GET /{number} HTTP/9.9\r\nHost: {number}\r\nCookie: a={dashed}\r\n\r\n")
        self._raw(f"{number}\r\n\r\n")
        self.hostile += 2

    def request(self, method: str, path: str, fields: dict[str, str] | None = None):
        found = super().request(method, path, fields)
        self._keep(*found)
        self.seen["cookies"].extend(f"{name}={value}" for name, value in self.cookies.items())
        return found

    def _keep(self, _: int, text: str, location: str) -> None:
        self.seen["titles"].extend(_TITLE.findall(text))
        self.seen["addresses"].extend([location, *_ADDRESS.findall(text)])

    def _pay(self) -> None:
        away = urlsplit(self.path)
        provider = http.client.HTTPConnection(away.netloc, timeout=self.seconds)
        try:
            provider.request("POST", away.path, urlencode({"action": "pay"}), FORM)
            back = urlsplit(provider.getresponse().getheader("Location") or "")
        finally:
            provider.close()
        self.get(f"{back.path}?{back.query}" if back.query else back.path)

    def _raw(self, text: str) -> None:
        connection = http.client.HTTPConnection(*self.address, timeout=self.seconds)
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(connection),
        ):
            connection.connect()
            connection.sock.sendall(text.encode())
            connection.sock.recv(65536)


def sinks(site: LeakSite) -> dict[str, bytes]:
    """Everything a number must not be in, by name."""
    logs = b"\n".join(one.log.read_bytes() for one in site.processes)
    code = _CODE.search(logs.decode("utf-8", "replace"))
    report = b"" if code is None else _report(site, code[1], *(one.log for one in site.processes))
    return {
        **{name: "\n".join(lines).encode() for name, lines in site.seen.items()},
        "logs": logs,
        "mails": b"\n".join(site.mailbox.mails),
        "metrics": site.metrics,
        "error report": report,
        "error report of a log that is not masked": _report(site, _UNMASKED, site.unmasked_log()),
        "file names": "\n".join(str(one) for one in site.folder.rglob("*")).encode(),
        "temporary files": _files(site.folder / "tmp"),
        "commands": b"\n".join(
            site.told_by(*words.split()) for words in ("deliveries export", "counts", "keys show")
        ),
        **_databases(site),
    }


def _report(site: LeakSite, code: str, *logs: Path) -> bytes:
    to = site.folder / f"report-{code}.json"
    words = [word for one in logs for word in ("--log", str(one))]
    told = site.told_by("report", code, *words, "--to", str(to), "--yes")
    return told + (to.read_bytes() if to.is_file() else b"")


def _databases(site: LeakSite) -> dict[str, bytes]:
    if site.database.startswith("postgres"):
        return {}
    site.told_by("backup", str(site.folder / "copy"))
    return {
        "database": (site.folder / "store.sqlite").read_bytes(),
        "write-ahead log": _files(site.folder, "store.sqlite-*"),
        "backup": _files(site.folder / "copy"),
    }


def server_sinks(server: Postgres, url: str) -> dict[str, bytes]:
    """What a PostgreSQL server keeps: a dump, its files of all databases, its log of writes."""
    dump = subprocess.run(
        [server._programs / "pg_dump", "--dbname", url], capture_output=True, check=True, cwd="/"
    ).stdout
    return {
        "database dump": dump,
        "database": _files(server._data / "base"),
        "write-ahead log": _files(server._data / "pg_wal"),
        "server's log": (server._folder / "log").read_bytes(),
    }


def meant(site: LeakSite) -> bytes:
    """What is meant to hold the numbers: the cases in the journal."""
    return _files(site.folder / MEANT)


def fetch_metrics(site: LeakSite, address: tuple[str, int]) -> bytes:
    """The figures of the web process."""
    connection = http.client.HTTPConnection(*address, timeout=30)
    headers = {"Host": f"{HOST}:{address[1]}", "Authorization": f"Bearer {site.token}"}
    try:
        connection.request("GET", "/-/metrics", headers=headers)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, response.status
        return body
    finally:
        connection.close()


def _files(folder: Path, pattern: str = "**/*") -> bytes:
    """The files in a folder, one after the other, without the zeros they are filled up with."""
    return b"\n".join(
        one.read_bytes().rstrip(b"\0") for one in sorted(folder.glob(pattern)) if one.is_file()
    )
