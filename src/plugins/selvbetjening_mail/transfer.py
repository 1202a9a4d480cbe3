"""Handing one mail to a mail server, and telling exactly what came of it."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from selvbetjening_core.values import Outcome, OutcomeKind

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_GO_AHEAD = 354
# As long as an address may be: without an end, a long answer would take its square in time.
_ADDRESS = re.compile(r"[^\s<>]{1,64}@[^\s<>]{1,255}")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where the mail server is, and how to speak to it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    def __repr__(self) -> str:
        return f"MailServer({self.scheme}://{self.host}:{self.port})"

    @classmethod
    def at(cls, url: str) -> MailServer:
        """Read ``smtp://host:port``, ``smtp+starttls://…`` or ``smtps://…``.

        :raises ValueError: it is none of them; the message does not repeat it
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("a mail server is written smtp://, smtp+starttls:// or smtps://host")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


def transfer(
    server: MailServer, sender: str, recipient: str, content: bytes, timeout: float
) -> Outcome:
    """Send ``content``.

    Before the server has said that it is ready for the mail, a lost connection
    means that nothing was sent. From then until its last answer nobody knows.
    """
    if timeout <= 0:
        return Outcome(OutcomeKind.TRANSIENT, "the time was up before the attempt began")
    try:
        with _connected(server, timeout) as smtp:
            _prepare(smtp, sender, recipient)
            return _hand_over(smtp, content)
    except smtplib.SMTPResponseException as error:
        return Outcome(_kind(error.smtp_code), _words(error.smtp_code, error.smtp_error))
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(OutcomeKind.TRANSIENT, f"no connection: {type(error).__name__}")


@contextlib.contextmanager
def _connected(server: MailServer, timeout: float) -> Iterator[smtplib.SMTP]:
    smtp: smtplib.SMTP
    if server.scheme == "smtps":
        smtp = smtplib.SMTP_SSL(
            server.host, server.port, timeout=timeout, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.scheme == "smtp+starttls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
    finally:
        # Said or not, goodbye changes nothing about what became of the mail.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


def _prepare(smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
    code, text = smtp.mail(sender)
    if _is_yes(code):
        code, text = smtp.rcpt(recipient)
    if _is_yes(code):
        code, text = smtp.docmd("DATA")
    if code != _GO_AHEAD:
        raise smtplib.SMTPResponseException(code, text)


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> Outcome:
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", content).rstrip(b"\r\n") + b"\r\n.\r\n")
        code, text = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(
            OutcomeKind.UNKNOWN, f"no answer after the mail was sent: {type(error).__name__}"
        )
    if _is_yes(code):
        return Outcome(OutcomeKind.DELIVERED, _words(code, text))
    kind = _kind(code) if 400 <= code < 600 else OutcomeKind.UNKNOWN
    return Outcome(kind, _words(code, text))


def _is_yes(code: int) -> bool:
    return 200 <= code < 300


def _kind(code: int) -> OutcomeKind:
    return OutcomeKind.PERMANENT if 500 <= code < 600 else OutcomeKind.TRANSIENT


def _words(code: int, text: bytes | str) -> str:
    # Servers like to repeat the address they were given.
    words = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return f"{code} {_ADDRESS.sub('[address]', ' '.join(words.split()))}"[:300]
