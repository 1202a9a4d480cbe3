from __future__ import annotations

import json
import logging
import time
from dataclasses import replace

from good_login import decode

from acme_small import single_logout as good
from acme_small.planting import component
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.values import Challenge, LogoutNotice, Refusal


class BelievesAll(good.SingleLogout):
    def is_signed(self, algorithm, text, mark):
        return True


class ByTheBrowserAlone(good.SingleLogout):
    def word_of(self, message):
        return message.query.get("logout", "")


class ForgetsTheLogin(good.SingleLogout):
    def notice(self, data, *, by_browser):
        return replace(super().notice(data, by_browser=by_browser), sessions=())


class TellsWhoseItWas(good.SingleLogout):
    def notice(self, data, *, by_browser):
        found = super().notice(data, by_browser=by_browser)
        return replace(found, answer=Challenge(f"{self.url}/out?sub={found.subject}"))


class TakesAllForLogout(good.SingleLogout):
    def read_logout(self, message):
        return super().read_logout(message) or Refusal("no-token")


class StumblesOnNonsense(good.SingleLogout):
    def read_logout(self, message):
        word = self.word_of(message)
        if word:
            json.loads(decode(word.split(".")[1]))
        return super().read_logout(message)


class CountsUp(good.SingleLogout):
    seen = 0

    def notice(self, data, *, by_browser):
        self.seen += 1
        return replace(super().notice(data, by_browser=by_browser), notice_id=str(self.seen))


class RefusesTheSecond(good.SingleLogout):
    def read_logout(self, message):
        found = super().read_logout(message)
        is_known = found in getattr(self, "known", ())
        self.known = (*getattr(self, "known", ()), found)
        return Refusal("known") if is_known and isinstance(found, LogoutNotice) else found


class LogsTheWord(good.SingleLogout):
    def notice(self, data, *, by_browser):
        logging.getLogger("acme").info("%s has logged out", data["sub"])
        return super().notice(data, by_browser=by_browser)


class KeepsTheLast(good.SingleLogout):
    def notice(self, data, *, by_browser):
        self.found = super().notice(data, by_browser=by_browser)
        time.sleep(0.02)
        return self.found


FAULTS = {
    "believes-all": BelievesAll,
    "by-the-browser-alone": ByTheBrowserAlone,
    "forgets-the-login": ForgetsTheLogin,
    "tells-whose-it-was": TellsWhoseItWas,
    "takes-all-for-logout": TakesAllForLogout,
    "stumbles-on-nonsense": StumblesOnNonsense,
    "counts-up": CountsUp,
    "refuses-the-second": RefusesTheSecond,
    "logs-the-word": LogsTheWord,
    "keeps-the-last": KeepsTheLast,
}


@hookimpl
def selvbetjening_register(register):
    component(good, good.SingleLogout, FAULTS, register)
