"""A bench for each of the small plugins: counterparts over real HTTP, real files."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import acme_provider

import selvbetjening_solutions
from selvbetjening_core.testing.cases import a_message
from selvbetjening_core.testing.counterpart import Counterpart, Given
from selvbetjening_core.testing.digest import DigestBench
from selvbetjening_core.testing.importer import ImporterBench, Sample
from selvbetjening_core.testing.lookup import LookupBench
from selvbetjening_core.testing.measure import MeasureBench
from selvbetjening_core.testing.messages import MessagesBench
from selvbetjening_core.testing.paper_form import PaperFormBench
from selvbetjening_core.testing.scanner import ScannerBench
from selvbetjening_core.testing.scheduled import ScheduledBench
from selvbetjening_core.testing.secrets import SecretsBench
from selvbetjening_core.testing.single_logout import SingleLogoutBench
from selvbetjening_core.testing.solutions import SolutionsBench
from selvbetjening_core.testing.status import StatusBench
from selvbetjening_core.values import SourceFile

STREETS = (
    "1;Testvej 10;7900\n2;Testvej 1;7900\n3;Nytestvej 1;7900\n"
    "4;Testvej 1 A;7900\n5;Rosenvej 2;8000\n"
)
SECRET = "a secret of the journal"


@dataclass
class At:
    """Where a bench stands: a folder of its own, and a counterpart if it needs one."""

    folder: Path
    remote: Any = None


def json_given(data):
    return Given(200, json.dumps(data).encode())


class Cases(Counterpart):
    """A system with cases."""

    def __init__(self):
        super().__init__()
        self.cases = {}

    def has_case(self, request, status):
        moment = status.changed_at.isoformat() if status.changed_at else ""
        data = {"state": status.state, "text": status.text, "changed_at": moment}
        self.cases[request.key, request.remote_reference] = data

    def handle(self, asked):
        found = self.cases.get((asked.query.get("key"), asked.query.get("reference")))
        return Given(404) if found is None else json_given(found)


class Statistics(Counterpart):
    """A statistics system that takes in all that comes."""

    def __init__(self):
        super().__init__()
        self.taken = []

    def handle(self, asked):
        self.taken.append(asked.body)
        return json_given({})


class Journal(Counterpart):
    """A journal that honours keys, and sends signed messages."""

    def __init__(self):
        super().__init__()
        self.work = {}

    def handle(self, asked):
        key = asked.headers.get("idempotency-key") or str(len(self.work))
        self.work[key] = json.loads(asked.body)["text"]
        return json_given({})

    def message(self, key, number):
        return self.proven(json.dumps({"key": key, "outcome": "delivered", "n": number}).encode())

    def unproven(self, key):
        body = self.message(key, 1).body
        return a_message(body, {"x-signature": signed(body, "of somebody else")})

    def proven(self, body):
        return a_message(body, {"x-signature": signed(body, SECRET)})


class TellingProvider(acme_provider.Provider):
    """The provider of logins, which tells when one has ended, in two ways."""

    def log_out(self, said, forgery):
        data = {
            "iss": said.issuer,
            "jti": said.notice_id,
            "sid": said.sessions,
            "sub": said.subject,
            "iat": said.issued_at.timestamp(),
        }
        word = acme_provider.made(data, forgery)
        by_server = a_message(f"logout={word}".encode())
        return replace(by_server, method="GET", query={"logout": word}, body=b""), by_server

    def log_in(self):
        return a_message(b"code=code-1&state=x")


def signed(body, secret):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def lookup(plugin, at, settings):
    (at.folder / "streets.csv").write_text(STREETS, "utf-8")
    return LookupBench(
        plugin=plugin,
        settings={"file": "streets.csv", **settings},
        known="testvej",
        not_applicable={"away": "the streets are in a file"},
    )


def status(plugin, at, settings):
    return StatusBench(plugin=plugin, settings={"url": at.remote.url, **settings}, remote=at.remote)


def measure(plugin, at, settings):
    return MeasureBench(
        plugin=plugin,
        settings={"url": at.remote.url, **settings},
        remote=at.remote,
        taken=lambda: at.remote.taken,
    )


def digest(plugin, at, settings):
    return DigestBench(
        plugin=plugin,
        settings={"url": at.remote.url, **settings},
        remote=at.remote,
        taken=lambda: [json.loads(raw)["text"] for raw in at.remote.taken],
    )


def scanner(plugin, at, settings):  # noqa: ARG001 - called like its neighbours
    return ScannerBench(
        plugin=plugin, settings=settings, not_applicable={"away": "it has no engine of its own"}
    )


def secrets(plugin, at, settings):
    def put(name, value):
        (at.folder / "drawer").mkdir(exist_ok=True)
        (at.folder / "drawer" / name).write_text(value, "utf-8")

    return SecretsBench(
        plugin=plugin,
        set_settings={"folder": "drawer", **settings},
        put=put,
        not_applicable={"away": "the secrets are files"},
    )


def solutions(plugin, at, settings):
    shipped = Path(selvbetjening_solutions.__file__).parent / "sundhedskort"
    if not (at.folder / "solutions").exists():
        shutil.copytree(shipped, at.folder / "solutions" / "sundhedskort")
    return SolutionsBench(plugin=plugin, set_settings={"folder": "solutions", **settings})


FIELDS = "FELTER;klage;Klag over en afgørelse\nhvem;Hvem klager?;tekst\nhvornaar;Hvornår?;dato\n"


def importer(plugin, at, settings):  # noqa: ARG001 - called like its neighbours
    more = FIELDS + "hvorfor;Hvorfor?;afsnit\nhvor;Tegn på kortet;kort\n"
    code = (
        "FELTER;kode;{{ 7 * 7 }}\na;__import__('os').getpid();tekst\n"
        'b;"\'; DROP TABLE x; --";${jndi:ldap://127.0.0.1/x}\n'
    )
    return ImporterBench(
        plugin=plugin,
        set_settings=settings,
        samples=(
            Sample(
                source=SourceFile("klage.csv", FIELDS.encode()),
                elements=frozenset({"hvem", "hvornaar"}),
            ),
            Sample(
                source=SourceFile("klage.csv", more.encode()),
                elements=frozenset({"hvem", "hvornaar", "hvorfor", "hvor"}),
                unknown=frozenset({"hvor"}),
            ),
        ),
        with_code=SourceFile("kode.csv", code.encode()),
        malformed={
            "line 1": SourceFile("x.csv", b"FELTER;\n"),
            "line 3": SourceFile("x.csv", FIELDS.replace("hvornaar;", "").encode()),
            "byte 17": SourceFile("x.csv", b"FELTER;klage;Klag\xff over"),
        },
    )


def messages(plugin, at, settings):
    return MessagesBench(plugin=plugin, settings=journal(at, settings), remote=at.remote)


def single_logout(plugin, at, settings):
    return SingleLogoutBench(
        plugin=plugin,
        settings={"provider": at.remote.url, "key": acme_provider.KEY, **settings},
        remote=at.remote,
    )


def paper_form(plugin, _at, settings):
    return PaperFormBench(plugin=plugin, settings={"key": "a key for seals", **settings})


def scheduled(plugin, at, settings):
    def give_work(word):
        (at.folder / "queue").mkdir(exist_ok=True)
        name = hashlib.sha256(word.encode()).hexdigest()[:16]
        (at.folder / "queue" / f"{name}.json").write_text(json.dumps({"work": word}), "utf-8")

    return ScheduledBench(
        plugin=plugin,
        settings=journal(at, settings),
        remote=at.remote,
        give_work=give_work,
        effects=lambda: list(at.remote.work.values()),
    )


def journal(at, settings):
    return {"url": at.remote.url, "secret": SECRET, "queue": "queue", **settings}


REMOTES = {
    "single_logout": TellingProvider,
    "status": Cases,
    "measure": Statistics,
    "digest": Statistics,
    "messages": Journal,
    "scheduled": Journal,
}
