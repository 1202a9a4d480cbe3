"""A login whose provider tells of log-outs: by the browser, and from server to server."""

from __future__ import annotations

import datetime
from urllib.parse import parse_qs

from good_login import SETTINGS, GoodLogin
from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IIdentity, ISingleLogout
from selvbetjening_core.values import Challenge, Data, LogoutNotice, Refusal, Reply


@implementer(ISingleLogout)
class SingleLogout(GoodLogin):
    def read_logout(self, message):
        word = self.word_of(message)
        if not word:
            return None
        data = self.opened(word.encode("utf-8", "replace"))
        if data is None:
            return Refusal("bad-token")
        try:
            return self.notice(data, by_browser=message.method == "GET")
        except (KeyError, TypeError, ValueError, OverflowError):
            return Refusal("unreadable")

    def word_of(self, message):
        if message.method == "GET":
            return message.query.get("logout", "")
        found = parse_qs(message.body.decode("utf-8", "replace"))
        return found.get("logout", [""])[0]

    def notice(self, data, *, by_browser):
        sessions = tuple(data["sid"])
        if not all(isinstance(one, str) for one in (*sessions, data["jti"], data["sub"])):
            raise TypeError("words are text")
        return LogoutNotice(
            issuer=data["iss"],
            notice_id=data["jti"],
            sessions=sessions,
            subject=data["sub"],
            issued_at=self.moment(data, "iat"),
            answer=self.answer(by_browser=by_browser),
        )

    def moment(self, data, name):
        return datetime.datetime.fromtimestamp(data[name], datetime.UTC)

    def answer(self, *, by_browser):
        return Challenge(f"{self.url}/logged-out") if by_browser else Reply()


@hookimpl
def selvbetjening_register(register):
    register.component(
        IIdentity,
        SingleLogout,
        help="Login at Acme, which tells of log-outs.",
        settings=SETTINGS,
        reads={Data.CPR, Data.NAME},
        holds="Acme keeps a log of logins for a year.",
        built_for="0.2",
    )
