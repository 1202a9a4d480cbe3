"""Runs the delivery kit on the plugin: ``selvbetjening conformance mail``."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest

from selvbetjening_core.testing import (
    DeliveryBench,
    DeliveryConformance,
    DigestBench,
    DigestConformance,
    Fault,
    Loopback,
)
from selvbetjening_mail.letter import message_id

SENDER = "selvbetjening@mors.example"
_MESSAGE_ID = re.compile(rb"(?mi)^Message-ID:\s*(<[^>]+>)")
# What the last answer is, in place of 250.
_SAID = {
    Fault.BUSY: b"451 try again later\r\n",
    Fault.REFUSED: b"550 no such mailbox\r\n",
    Fault.GARBAGE: b"\xff\x00 this is no answer\r\n",
}


class MailServer(Loopback):
    """As much of SMTP as one mail takes. Its faults come at the end of the mail."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[str] = []
        self.texts: list[str] = []

    def effects(self, key: str) -> int:
        """How many mails with this key's Message-ID were taken."""
        return self.mails.count(message_id(key, SENDER))

    def serve(self, connection: socket.socket) -> None:
        """Greet, take the mail, and answer as the fault of the moment says."""
        with connection.makefile("rwb", buffering=0) as line:
            line.write(b"220 ready\r\n")
            while command := line.readline():
                if not command.upper().startswith(b"DATA"):
                    line.write(b"250 ok\r\n")
                elif not self._take(line):
                    connection.shutdown(socket.SHUT_RDWR)
                    return

    def _take(self, line: socket.SocketIO) -> bool:
        """Take the mail that follows. False: cut the connection."""
        fault = self.fault
        line.write(b"354 go ahead\r\n")
        mail = b""
        while not mail.endswith(b"\r\n.\r\n"):
            mail += line.readline()
        found = _MESSAGE_ID.search(mail)
        if found and fault not in (Fault.BUSY, Fault.REFUSED):
            self.mails.append(found[1].decode())
            read = message_from_bytes(mail.removesuffix(b".\r\n"), policy=default)
            self.texts.append(f"{read['Subject']}\n{read.get_content()}")
        if fault is Fault.HANG:
            self.hang()
        if fault is Fault.SLOW:
            time.sleep(self.slow_seconds)
        if fault in (Fault.HANG, Fault.LOST_ANSWER):
            return False
        line.write(_SAID.get(fault, b"250 taken\r\n"))
        return True


class TestMail(DeliveryConformance):
    """Telling a mailbox."""

    @pytest.fixture
    def bench(self) -> Iterator[DeliveryBench]:
        """Two mail servers."""
        with MailServer() as one, MailServer() as two:
            yield DeliveryBench(
                plugin="mail",
                settings={
                    "server": f"smtp://127.0.0.1:{one.port}",
                    "sender": SENDER,
                    "recipient": "journal@mors.example",
                },
                remote=one,
                other_settings={"server": f"smtp://127.0.0.1:{two.port}"},
                other_remote=two,
                faults=frozenset({*_SAID, Fault.DOWN, Fault.HANG, Fault.LOST_ANSWER, Fault.SLOW}),
            )


class TestDigest(DigestConformance):
    """The daily digest."""

    @pytest.fixture
    def bench(self) -> Iterator[DigestBench]:
        """A mail server, and the mails as a person reads them."""
        with MailServer() as server:
            yield DigestBench(
                plugin="mail",
                settings={
                    "server": f"smtp://127.0.0.1:{server.port}",
                    "sender": SENDER,
                    "recipient": "drift@mors.example",
                    "timeout": 2,
                },
                remote=server,
                taken=lambda: server.texts,
                faults=frozenset({Fault.BUSY, Fault.DOWN, Fault.HANG, Fault.LOST_ANSWER}),
            )
