"""What this process is with faults in it: of the core's own, and planted ones.

``python leak_planted.py FAULT serve ...`` is ``selvbetjening serve ...`` in which the
core now and then raises an exception that tells a number; FAULT may be ``none``.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import sys
from pathlib import Path

from selvbetjening_core import error_report, logs
from selvbetjening_core.cli.main import main
from selvbetjening_core.delivery import calls
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.sessions import SqlSessions
from selvbetjening_core.store.submissions import SqlSubmissions
from selvbetjening_core.web import app as web_app
from selvbetjening_core.web import pages as web_pages
from selvbetjening_core.web.views import errors
from selvbetjening_folder import plugin as folder_plugin
from selvbetjening_mail import plugin as mail_plugin

_EVERY = 2
_seen: list[str] = []


def core_raises() -> None:
    """The first try to submit and every second one after it fail, and tell whose it was.

    The first: a process that one citizen submits in must have failed, too.
    """
    add, count = SqlSubmissions.add, itertools.count()

    def adding(self, case, facts):
        if next(count) % _EVERY == 0:
            number = case.parties.actor.cpr.reveal()
            raise type(f"Broken{number}", (Exception,), {})(f"cannot store {number}")
        return add(self, case, facts)

    SqlSubmissions.add = adding


def no_masks() -> None:
    """Logs are written as vendors fill them."""
    logs.mask_logs = logs.mask_streams = lambda **_: None
    for name, module in list(sys.modules.items()):
        if name.startswith("selvbetjening_core.cli."):
            for word in ("mask_logs", "mask_streams"):
                if hasattr(module, word):
                    setattr(module, word, lambda **_: None)


def unsealed() -> None:
    """Answers and parties are encoded, not encrypted."""

    def seal(self, _, text):
        return f"v1.{self.current}.{base64.urlsafe_b64encode(text.encode()).decode()}"

    def opened(_, __, token):
        return base64.urlsafe_b64decode(token.split(".")[2]).decode()

    KeyRing.seal, KeyRing.open = seal, opened


def unkeyed() -> None:
    """The index is a plain hash."""
    KeyRing.index = lambda _, __, cpr: hashlib.sha256(cpr.reveal().encode()).hexdigest()


def reference_kept() -> None:
    """What a receiver calls a case by is kept as it is."""
    calls.masked = lambda text: text


def file_name() -> None:
    """The folder of a case is named after the citizen."""
    put = folder_plugin.put

    def putting(target, files, key):
        put(target, files, key)
        (Path(target).parent / f"for-{_seen[-1] if _seen else '0'}").touch()

    folder_plugin.put = putting
    _remember()


def mail_subject() -> None:
    """The mail names the citizen in its subject."""
    letter = mail_plugin.letter

    def telling(parcel, *rest):
        number = "".join(_seen[-1:]).encode()
        return letter(parcel, *rest).replace(b"Subject: ", b"Subject: " + number + b" ", 1)

    mail_plugin.letter = telling
    _remember()


def whole_lines() -> None:
    """The report tells what the log says, as it is."""
    error_report.masked = lambda text: text


def _remember() -> None:
    """Whoever logged in, or whose case was read, last."""
    add = SqlSessions.add

    def adding(self, session):
        _seen.append(session.identity.cpr.reveal())
        add(self, session)

    get = SqlSubmissions.get

    def getting(self, submission_id):
        case = get(self, submission_id)
        _seen.append(case.parties.actor.cpr.reveal())
        return case

    SqlSessions.add, SqlSubmissions.get = adding, getting


def _on_every_page(change) -> None:
    """``change`` the start of every answer, knowing who logged in last."""
    make = web_app.make_app

    def making(site):
        app = make(site)

        def wrapped(environ, start_response):
            def started(status, headers, *rest):
                return start_response(status, change(environ, headers, _seen[-1:]), *rest)

            return app(environ, started)

        return wrapped

    web_app.make_app = making
    _remember()


def address() -> None:
    """Redirections carry it."""

    def change(_, headers, seen):
        return [
            (name, f"{value}#{seen[0]}" if name == "Location" and seen else value)
            for name, value in headers
        ]

    _on_every_page(change)


def link_back() -> None:
    """The links of a page repeat its address, whatever is in it."""
    web_pages.may_repeat_address = errors.may_repeat_address = lambda _: True


def cookie() -> None:
    """A cookie carries it."""

    def change(_, headers, seen):
        return [*headers, *(("Set-Cookie", f"last={one}; Path=/") for one in seen)]

    _on_every_page(change)


def title() -> None:
    """The page's title carries it."""
    make = web_app.make_app

    def making(site):
        app = make(site)

        def wrapped(environ, start_response):
            # The server wants the length it was told: the title keeps its own.
            new = f"<title>{_seen[-1] if _seen else ''}".encode()
            kept: list = []

            def started(status, headers, *rest):
                kept[:] = [status, [one for one in headers if one[0] != "Content-Length"], *rest]

            body = b"".join(app(environ, started)).replace(b"<title>", new, 1)
            start_response(*kept)
            return [body]

        return wrapped

    web_app.make_app = making
    _remember()


def metric() -> None:
    """A figure is told for each citizen."""
    make = web_app.make_app

    def making(site):
        app = make(site)

        def wrapped(environ, start_response):
            body = list(
                app(
                    environ,
                    lambda status, headers, *rest: start_response(
                        status, [one for one in headers if one[0] != "Content-Length"], *rest
                    ),
                )
            )
            if environ["PATH_INFO"].endswith("/metrics"):
                body += [f'logins{{who="{one}"}} 1\n'.encode() for one in _seen]
            return body

        return wrapped

    web_app.make_app = making
    _remember()


PLANTS = {
    "none": lambda: None,
    "logged": no_masks,
    "unsealed-column": unsealed,
    "unkeyed-hash": unkeyed,
    "remote-reference": reference_kept,
    "file-name": file_name,
    "mail-subject": mail_subject,
    "report": whole_lines,
    "address": address,
    "link-back": link_back,
    "cookie": cookie,
    "title": title,
    "metric-label": metric,
}

if __name__ == "__main__":
    core_raises()
    PLANTS[sys.argv.pop(1)]()
    main()
