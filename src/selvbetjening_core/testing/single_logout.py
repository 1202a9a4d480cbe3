"""The kit for logins whose provider tells when they have ended."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Protocol

from selvbetjening_core.interfaces import ISingleLogout
from selvbetjening_core.testing import logins
from selvbetjening_core.testing.attempts import expect_as_promised, in_threads
from selvbetjening_core.testing.beside import BesideBench
from selvbetjening_core.testing.common import called
from selvbetjening_core.testing.conformance import Conformance, broken, check, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.testing.logins import Forgery
from selvbetjening_core.testing.watching import overhearing
from selvbetjening_core.values import Challenge, Claims, LogoutNotice, Message, Refusal, Reply

_LOGIN, _PERSON = "login-7-of-the-provider", "person-4-of-the-provider"
_SAID = ("issuer", "notice_id", "sessions", "subject", "issued_at")


class SingleLogoutRemote(Protocol):
    """The provider, as far as it tells of logging out. Written by the vendor, driven by the kit."""

    def behave(self, fault: Fault) -> None:
        """Have this fault from now on."""

    def log_out(self, said: LogoutNotice, forgery: Forgery) -> tuple[Message, ...]:
        """Tell what ``said`` has: one message for each way the protocol has, at least one."""

    def log_in(self) -> Message:
        """The answer to some login, which tells nothing of logging out."""


@dataclass(kw_only=True)
class SingleLogoutBench(BesideBench):
    """A login that is told when it has ended, and the provider that tells."""

    remote: SingleLogoutRemote


class SingleLogoutConformance(Conformance):
    """What a component that provides ``ISingleLogout`` is held to.

    Beside the kit for logins.
    """

    contract: ClassVar = ISingleLogout
    bench_type: ClassVar = SingleLogoutBench

    @check(
        "logout-read",
        "A genuine message is read: who says so, which logins or whose, and when.",
        da="En ægte besked læses: hvem der siger det, hvilke login eller hvis, og hvornår.",
    )
    def test_logout_read(self, bench: SingleLogoutBench) -> None:
        """By every way that the protocol has; of one login, and of all that somebody has."""
        component = bench.make()
        expect(ISingleLogout.providedBy(component), "the component does not provide ISingleLogout")
        for said in (_a_notice(component, "n-1"), _of_all(component, "n-2")):
            for message in _told(bench, said):
                _is_same(_read(component, message), said)

    @check(
        "logout-answer",
        "What the provider is to be told is an address or an answer, and has no CPR number.",
        da="Det, udbyderen skal have at vide, er en adresse eller et svar uden CPR-nummer.",
    )
    def test_logout_answer(self, bench: SingleLogoutBench) -> None:
        """Or nothing: then a browser gets the municipality's own page."""
        component = bench.make()
        for message in _told(bench, _a_notice(component)):
            answer = _notice(component, message).answer
            expect(isinstance(answer, Challenge | Reply | None), "the answer is none of the three")
            if isinstance(answer, Challenge):
                logins.is_address(answer.url)
            expect(_PERSON not in repr(answer), "the answer tells the provider's word for somebody")

    @check(
        "logout-forged",
        "A message that is not the provider's own is refused.",
        da="En besked, der ikke er udbyderens egen, afvises.",
    )
    def test_logout_forged(self, bench: SingleLogoutBench) -> None:
        """Altered, unsigned, with another key, by an algorithm that is not accepted."""
        component = bench.make()
        said = _a_notice(component)
        for forgery in (one for one in Forgery if one is not Forgery.NONE):
            for message in bench.remote.log_out(said, forgery):
                found = _read(component, message)
                if not isinstance(found, Refusal):
                    broken(f"a message that is {forgery.value} gave {type(found).__name__}")

    @check(
        "logout-told-apart",
        "The answer to a login is no log-out, and a log-out logs nobody in.",
        da="Svaret på et login er ikke en log ud, og en log ud logger ingen ind.",
    )
    def test_logout_told_apart(self, bench: SingleLogoutBench) -> None:
        """Both come to the same address."""
        component = bench.make()
        found = _read(component, bench.remote.log_in())
        expect(found is None, f"the answer to a login gave {type(found).__name__}")
        for message in _told(bench, _a_notice(component)):
            claims = called(partial(component.complete, message)).value
            expect(not isinstance(claims, Claims), "a message about logging out logged somebody in")

    @check(
        "logout-nonsense",
        "Whatever anybody sends is at worst refused: it never raises, and ends nothing.",
        da="Hvad nogen end sender, bliver det højst afvist: det giver aldrig en fejl og logger"
        " ingen af.",
    )
    def test_logout_nonsense(self, bench: SingleLogoutBench) -> None:
        """In the query, in the body, in the headers, and cut off."""
        component = bench.make()
        for genuine in _told(bench, _a_notice(component)):
            for message in logins.nonsense(genuine):
                found = _read(component, message)
                is_nothing = found is None or isinstance(found, Refusal)
                expect(is_nothing, f"a nonsensical message gave {type(found).__name__}")

    @check(
        "logout-twice",
        "The same message again, also to another process, is the same notice.",
        da="Den samme besked igen, også til en anden proces, er den samme besked.",
    )
    def test_logout_twice(self, bench: SingleLogoutBench) -> None:
        """That it came before is for the core to judge, by its id."""
        component = bench.make()
        said = _a_notice(component)
        for message in _told(bench, said):
            for again in (component, component, bench.make()):
                _is_same(_read(again, message), said)

    @check(
        "logout-not-told",
        "The provider's words for a person and a login are in no log line, refusal or exception.",
        da="Udbyderens ord for en person og et login står ikke i nogen loglinje, afvisning eller"
        " fejl.",
    )
    def test_logout_not_told(self, bench: SingleLogoutBench) -> None:
        """Whether the message is genuine or forged."""
        with overhearing(bench.workplace) as heard:
            component = bench.make()
            for forgery in Forgery:
                for message in bench.remote.log_out(_a_notice(component), forgery):
                    made = called(partial(component.read_logout, message))
                    if not isinstance(made.value, LogoutNotice):
                        heard.note(made.error or made.value)
        found = heard.found((_LOGIN, _PERSON))
        expect(not found, "the provider's word for a person or a login was told")

    @check(
        "logout-thread-safe",
        "Many messages at once are each read for themselves.",
        da="Mange beskeder på én gang læses hver for sig.",
    )
    def test_logout_thread_safe(self, bench: SingleLogoutBench) -> None:
        """About different logins, side by side."""
        component = bench.make()
        notices = [
            replace(_a_notice(component, f"n-{number}"), sessions=(f"login-{number}",))
            for number in range(8)
        ]
        calls = [partial(_read, component, _told(bench, said)[0]) for said in notices]
        for found, said in zip(in_threads(calls), notices, strict=True):
            for one in found:
                _is_same(one, said)


def _a_notice(component: Any, notice_id: str = "notice-1") -> LogoutNotice:
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    return LogoutNotice(component.issuer, notice_id, (_LOGIN,), _PERSON, now)


def _of_all(component: Any, notice_id: str) -> LogoutNotice:
    return replace(_a_notice(component, notice_id), sessions=())


def _told(bench: SingleLogoutBench, said: LogoutNotice) -> tuple[Message, ...]:
    messages = bench.remote.log_out(said, Forgery.NONE)
    expect(messages, "the remote tells of a log-out in no way")
    return messages


def _read(component: Any, message: Message) -> object:
    made = called(partial(component.read_logout, message))
    found: object = expect_as_promised(made, ISingleLogout, "read_logout", "for a message")
    return found


def _notice(component: Any, message: Message) -> LogoutNotice:
    found = _read(component, message)
    if not isinstance(found, LogoutNotice):
        broken(f"a genuine message gave {type(found).__name__}")
    return found


def _is_same(found: object, said: LogoutNotice) -> None:
    if not isinstance(found, LogoutNotice):
        broken(f"a genuine message gave {type(found).__name__}")
    for name in _SAID:
        expect(getattr(found, name) == getattr(said, name), f"{name} is not what was said")
    at = found.issued_at
    expect(at is not None and not at.utcoffset(), "issued_at is not in UTC")
