from __future__ import annotations

import asyncio
import datetime
import email
import email.policy
import re
import socket
import threading
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from zope.interface.verify import verifyObject

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import Document, OutcomeKind, Parcel, ResolvesUnknown
from selvbetjening_mail.plugin import MailDelivery
from selvbetjening_mail.transfer import MailServer, transfer

SENDER, RECIPIENT = "selvbetjening@mors.example", "borgerservice@mors.example"


class Mailbox:
    """A real mail server's rules: each step answers as told."""

    def __init__(self, **answers):
        self.mails = []
        self.answers = answers
        self.silence = 0.0
        self.hangs_up = ""

    async def _answer(self, step, server, otherwise):
        if self.hangs_up == step:
            server.transport.abort()
        await asyncio.sleep(self.silence if step == "data" else 0)
        return self.answers.get(step, otherwise)

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = await self._answer("mail", server, "250 OK")
        envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await self._answer("rcpt", server, "250 OK")
        envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return await self._answer("data", server, "250 Queued as 17")


class QuietController(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="mail.example")


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def server(mailbox):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = QuietController(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def mail(make_context, server):
    return delivery(make_context, server)


def delivery(make_context, server, timeout=20):
    return MailDelivery(
        make_context(server=server, sender=SENDER, recipient=RECIPIENT, timeout=timeout)
    )


@pytest.fixture
def parcel(case):
    deadline = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)
    document = Document("kvittering.html", "text/html", b"<p>2911829996</p>")
    return Parcel("parcel-key-1", "post", 1, deadline, case, (document,))


def read(envelope):
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


def test_it_keeps_its_contract(mail, parcel):
    assert verifyObject(IDelivery, mail)
    assert mail.resolves_unknown is ResolvesUnknown.PERSON
    assert mail.accepts(parcel).ok


def test_a_mail_tells_of_the_case(mail, mailbox, parcel):
    outcome = mail.send(parcel)
    assert (outcome.kind, outcome.evidence) == (OutcomeKind.DELIVERED, "250 Queued as 17")
    [envelope] = mailbox.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, [RECIPIENT])
    message = read(envelope)
    assert message["Subject"] == "Ny ansøgning: Bestil nyt sundhedskort, kvittering MORS-4F7K-2Q"
    body = message.get_content()
    for told in ("Bestil nyt sundhedskort", "MORS-4F7K-2Q", "22. november 2026 kl. 14.05"):
        assert told in body
    assert "Sagen ligger i journalen" in body
    assert envelope.content.isascii()


def test_a_mail_holds_nothing_personal(mail, mailbox, parcel):
    mail.send(parcel)
    message = read(mailbox.mails[0])
    assert not message.is_multipart()
    text = "\n".join([*map(str, message.values()), message.get_content()])
    for secret in ("Berggren", "Kirsten", "Lars", "Testpark", "2911829996", "291182-9996"):
        assert secret not in text
    assert not re.search(r"\b\d{6}-?\d{4}\b", text)


def test_every_repeat_has_the_same_message_id_and_another_parcel_has_not(mail, mailbox, parcel):
    mail.send(parcel)
    mail.send(replace(parcel, attempt=2))
    mail.send(replace(parcel, key="parcel-key-2"))
    first, second, third = (read(envelope)["Message-ID"] for envelope in mailbox.mails)
    assert first == second != third
    assert "parcel-key" not in first


def test_a_title_cannot_add_a_header(mail, mailbox, parcel):
    case = replace(parcel.case, title="Sundhedskort\r\nBcc: evil@example.com")
    assert mail.send(replace(parcel, case=case)).kind is OutcomeKind.DELIVERED
    assert read(mailbox.mails[0])["Bcc"] is None
    assert mailbox.mails[0].rcpt_tos == [RECIPIENT]


def test_a_line_that_begins_with_a_dot_does_not_end_the_mail(server, mailbox):
    content = b"Subject: x\r\n\r\n.\r\n..\r\nstill here\r\n"
    outcome = transfer(MailServer.at(server), SENDER, RECIPIENT, content, 5)
    assert outcome.kind is OutcomeKind.DELIVERED
    assert mailbox.mails[0].content == content


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("451 Try later", OutcomeKind.TRANSIENT),
        ("552 No room", OutcomeKind.PERMANENT),
    ],
)
def test_what_the_server_says_is_what_comes_of_it(mail, mailbox, parcel, step, answer, kind):
    mailbox.answers[step] = answer
    outcome = mail.send(parcel)
    assert (outcome.kind, outcome.evidence) == (kind, answer)


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_connection_lost_before_the_mail_was_sent_is_transient(mail, mailbox, parcel, step):
    mailbox.hangs_up = step
    assert mail.send(parcel).kind is OutcomeKind.TRANSIENT
    assert mailbox.mails == []


def test_a_connection_lost_before_the_answer_is_unknown(mail, mailbox, parcel):
    mailbox.hangs_up = "data"
    assert mail.send(parcel).kind is OutcomeKind.UNKNOWN
    assert len(mailbox.mails) == 1


def test_an_answer_that_comes_too_late_is_unknown(make_context, server, mailbox, parcel):
    mailbox.silence = 3.5
    assert delivery(make_context, server, timeout=3).send(parcel).kind is OutcomeKind.UNKNOWN
    assert len(mailbox.mails) == 1
    # The control: with time enough the same server delivers.
    assert delivery(make_context, server).send(parcel).kind is OutcomeKind.DELIVERED


def test_nobody_there_is_transient(make_context, parcel):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    outcome = delivery(make_context, f"smtp://127.0.0.1:{port}").send(parcel)
    assert outcome.kind is OutcomeKind.TRANSIENT


def test_a_server_that_never_greets_is_transient(make_context, parcel):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        assert delivery(make_context, url, timeout=1).send(parcel).kind is OutcomeKind.TRANSIENT


@pytest.mark.parametrize(
    ("greeting", "kind"),
    [
        (b"421 busy\r\n", OutcomeKind.TRANSIENT),
        (b"554 go away\r\n", OutcomeKind.PERMANENT),
        (b"", OutcomeKind.TRANSIENT),
        (b"hello?\r\n", OutcomeKind.TRANSIENT),
    ],
)
def test_an_unfriendly_greeting(make_context, parcel, greeting, kind):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet():
            connection, _ = listening.accept()
            with connection:
                connection.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        assert delivery(make_context, url).send(parcel).kind is kind
        thread.join()


def test_nothing_is_begun_after_the_deadline(mail, mailbox, parcel):
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1)
    assert mail.send(replace(parcel, deadline=past)).kind is OutcomeKind.TRANSIENT
    assert mailbox.mails == []


def test_encryption_is_never_left_out_when_it_was_asked_for(make_context, server, mailbox, parcel):
    url = server.replace("smtp://", "smtp+starttls://")
    assert delivery(make_context, url).send(parcel).kind is OutcomeKind.TRANSIENT
    assert mailbox.mails == []


def test_evidence_repeats_no_address(mail, mailbox, parcel):
    mailbox.answers["rcpt"] = f"550 <{RECIPIENT}> unknown"
    assert mail.send(parcel).evidence == "550 <[address]> unknown"


def test_a_mail_server_is_an_address_whose_password_does_not_show():
    server = MailServer.at("smtp+starttls://me:p%40ss@mail.example")
    assert (server.port, server.user, server.password) == (587, "me", "p@ss")
    assert "p@ss" not in repr(server)
    for wrong in ("http://mail.example", "mail.example", "smtp://"):
        with pytest.raises(ValueError, match="smtp://"):
            MailServer.at(wrong)
