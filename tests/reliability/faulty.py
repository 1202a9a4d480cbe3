"""Receivers that do what receivers do: fail, lie, hang, repeat themselves and change their mind.

They speak the protocol of the skeleton that ``selvbetjening new-plugin delivery`` makes, on
raw sockets, so that anything can go wrong in it.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import hmac
import ipaddress
import itertools
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from receiver import EFFECT, Journal

from selvbetjening_core.testing import Fault, Loopback

SECRET = "signed by the receiver"
TOKEN = "let me in"
GIGABYTE = 1 << 30
_MEGABYTE = bytes(1 << 20)
_HTML = b"<html>Not Found</html>"


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    key: str
    receipt: str


Pieces = Iterable[bytes]
Conduct = Callable[["Receiver", Ask], Pieces]


class Receiver(Loopback):
    """Takes cases, well or badly.

    :param conduct: how it answers until it is mended
    :param honours_keys: the same key twice is the same case; else each is another
    :param state: what it says of a case that it took, when it behaves
    """

    def __init__(
        self,
        name: str,
        conduct: Conduct,
        journal: Journal,
        *,
        honours_keys: bool = False,
        state: str = "done",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.conduct = conduct
        self.journal = journal
        self.honours_keys = honours_keys
        self.state = state
        self.tls = tls
        self.is_mended = False
        self.asked = 0
        self.most_taken = 0
        self.tell: Callable[[str, bytes, dict[str, str]], None] = lambda *_: None
        self._cases: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    @property
    def variant(self) -> str:
        """The vendor's name, which is the end of its own."""
        return self.name.rpartition("_")[2]

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def mend(self) -> None:
        """From now on it behaves."""
        self.is_mended = True
        self.behave(Fault.NONE)

    def act(self, ask: Ask) -> str:
        """Make a case; its number."""
        with self._lock:
            case = self._cases.get(ask.key) if self.honours_keys else None
            if case is None:
                case = self._cases[ask.key] = f"{self.name}-{next(self._numbers)}"
                self.journal.add(EFFECT, ask.key, receiver=self.name, case=case)
            return case

    def answer(self, ask: Ask, status: int = 201) -> Pieces:
        """What it should say: of a question, or of a parcel that it took."""
        if ask.key not in self._cases:
            return say(404, {"key": ask.key, "state": "none"})
        return say(status, {"key": ask.key, "case": self._cases[ask.key], "state": self.state})

    def receipt(self, key: str, state: str) -> None:
        """A late receipt, with its proof."""
        body = json.dumps({"key": key, "case": self._cases.get(key, ""), "state": state}).encode()
        proof = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        self.tell(self.name, body, {f"{self.variant}-signature": proof})

    def serve(self, connection: socket.socket) -> None:
        # What waits in a buffer of ours is not counted as taken.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        if self.tls is not None:
            try:
                connection = self.tls.wrap_socket(connection, server_side=True)
            except OSError:
                return
        with connection.makefile("rb") as opened:
            ask = _read(opened)
        if ask is None:
            return
        self.asked += 1
        self._send(connection, self._pieces(ask))

    def _pieces(self, ask: Ask) -> Pieces:
        if not self.is_mended:
            return self.conduct(self, ask)
        return behaves(self, ask)

    def _send(self, connection: socket.socket, pieces: Pieces) -> None:
        taken = 0
        try:
            for piece in pieces:
                connection.sendall(piece)
                taken += len(piece)
        except OSError:
            # Whoever asked has heard enough.
            pass
        self.most_taken = max(self.most_taken, taken)
        try:
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        except OSError:
            return


def say(status: int, data: object, length: int | None = None) -> list[bytes]:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    count = len(body) if length is None else length
    head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {count}"
    return [f"{head}\r\nConnection: close\r\n\r\n".encode() + body]


def _read(opened) -> Ask | None:
    try:
        line = opened.readline().split()
        headers = {}
        while header := opened.readline().strip():
            name, _, value = header.partition(b":")
            headers[name.lower().decode()] = value.strip().decode()
        body = opened.read(int(headers.get("content-length", "0")))
    except OSError:
        return None
    if not line:
        return None
    method, path = line[0].decode(), line[1].decode()
    key = headers.get("idempotency-key") or path.rpartition("/")[2]
    receipt = json.loads(body)["case"]["receipt_number"] if body else ""
    return Ask(method, key, receipt)


# How they behave. Each takes a request, acts on it or not, and gives what it says.


def behaves(receiver: Receiver, ask: Ask) -> Pieces:
    if ask.method == "POST":
        receiver.act(ask)
    return receiver.answer(ask, 201 if ask.method == "POST" else 200)


def on_parcels(conduct: Conduct) -> Conduct:
    """Badly for parcels; questions are answered."""

    @functools.wraps(conduct)
    def conducts(receiver: Receiver, ask: Ask) -> Pieces:
        return conduct(receiver, ask) if ask.method == "POST" else behaves(receiver, ask)

    return conducts


def always(pieces: Pieces) -> Conduct:
    """The same, whatever it is asked; nothing is done."""
    return lambda *_: pieces


def is_slow(receiver: Receiver, ask: Ask) -> Pieces:
    time.sleep(0.4)
    return behaves(receiver, ask)


def hangs(receiver: Receiver, ask: Ask) -> Pieces:
    behaves(receiver, ask)
    receiver.hang()
    return []


def breaks_inside(receiver: Receiver, ask: Ask) -> Pieces:
    behaves(receiver, ask)
    return say(500, b"error")


fails_inside = always(say(500, b"error"))
is_busy = always(say(503, b"later"))
knows_nobody = always(say(401, b"who are you"))
refuses = always(say(400, b"never"))
says_yes_with_an_error_inside = on_parcels(
    always(say(200, {"error": "the disk is full", "state": "error", "case": ""}))
)


@on_parcels
def acts_and_drops(receiver: Receiver, ask: Ask) -> Pieces:
    receiver.act(ask)
    return []


@on_parcels
def closes_in_mid_body(receiver: Receiver, ask: Ask) -> Pieces:
    receiver.act(ask)
    return say(201, b'{"key": "', length=100)


@on_parcels
def answers_a_gigabyte(receiver: Receiver, ask: Ask) -> Pieces:
    receiver.act(ask)
    return itertools.chain(say(201, b"", length=GIGABYTE), itertools.repeat(_MEGABYTE, 1024))


@on_parcels
def answers_garbage(receiver: Receiver, ask: Ask) -> Pieces:
    receiver.act(ask)
    return [b"\x00\xff<html>{[ \xc3\x28" * 50]


@on_parcels
def drips(receiver: Receiver, ask: Ask) -> Pieces:
    receiver.act(ask)
    return _with_pauses(itertools.chain(b"HTTP/1.1 200 OK\r\nX: ", itertools.repeat(ord("x"))))


@on_parcels
def says_go_on_for_ever(receiver: Receiver, ask: Ask) -> Pieces:
    receiver.act(ask)
    return _paused(itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), 0.01)


def _with_pauses(letters: Iterable[int]) -> Pieces:
    return _paused((bytes([one]) for one in letters), 0.1)


def _paused(pieces: Pieces, seconds: float) -> Pieces:
    for piece in pieces:
        time.sleep(seconds)
        yield piece


# Nothing was done: it mixes us up with somebody else.
answers_about_another = on_parcels(
    always(say(201, {"key": "somebody-elses", "case": "X-1", "state": "done"}))
)


def hides_behind_a_go_between(receiver: Receiver, ask: Ask) -> Pieces:
    if ask.method == "POST":
        receiver.act(ask)
        return []
    return say(404, _HTML)


def sends_away_to(address: str) -> Conduct:
    head = f"HTTP/1.1 307 Elsewhere\r\nLocation: {address}/cases\r\nContent-Length: 0"
    return always([f"{head}\r\nConnection: close\r\n\r\n".encode()])


@on_parcels
def tells_before_it_answers(receiver: Receiver, ask: Ask) -> Pieces:
    receiver.act(ask)
    receiver.receipt(ask.key, "done")
    return say(201, {"key": ask.key, "case": "late", "state": "taken"})


@dataclass(frozen=True)
class Certificates:
    """Contexts of servers, and the file of who vouches for them."""

    authority: Path
    good: ssl.SSLContext
    wrong_name: ssl.SSLContext
    expired: ssl.SSLContext
    self_signed: ssl.SSLContext


def make_certificates(folder: Path) -> Certificates:
    """Of an authority of our own."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "reliability")])
    authority = _signed(name, name, key, key, _days(-1), _days(30), None)
    (folder / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    def context(file: str, host: str, begin: int, end: int, *, itself: bool = False):
        own = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, file)])
        issuer, signer = (subject, own) if itself else (name, key)
        made = _signed(subject, issuer, own, signer, _days(begin), _days(end), host)
        return _context(folder / f"{file}.pem", own, made)

    return Certificates(
        folder / "authority.pem",
        good=context("good", "127.0.0.1", -1, 30),
        wrong_name=context("wrong", "127.0.0.2", -1, 30),
        expired=context("expired", "127.0.0.1", -30, -1),
        self_signed=context("self", "127.0.0.1", -1, 30, itself=True),
    )


def _days(number: int) -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=number)


def _signed(subject, issuer, key, signer, begin, end, host) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
    )
    if host:
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer, hashes.SHA256())


def _context(file: Path, key, certificate: x509.Certificate) -> ssl.SSLContext:
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
