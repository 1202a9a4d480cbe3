"""The kit for plugins that log citizens in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, ClassVar

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.testing import cases, logins
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import MANY, at_once, called
from selvbetjening_core.testing.conformance import broken, check, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.testing.identity_forgeries import IdentityForgeryChecks
from selvbetjening_core.testing.watching import overhearing
from selvbetjening_core.values import (
    AssuranceLevel,
    Challenge,
    Claims,
    LoginRequest,
    LogoutRequest,
    Refusal,
)

_AWAY = (Fault.DOWN, Fault.CUT_OFF, Fault.HANG, Fault.LOST_ANSWER, Fault.BUSY, Fault.ERROR)
# As people are called: letters of other alphabets, small ones first, and no way to tell titles.
_NAMES = ("Åse von Sørensen-O'Brien", "Þóra ÆGIDIUSSEN d'Ångström", "Łukasz Śmigły")
_ABSURD = (Fault.GARBAGE, Fault.EMPTY, Fault.UNAUTHORISED)


@dataclass(kw_only=True)
class IdentityBench(Bench):
    """An identity plugin, and the provider it talks to.

    Let the plugin wait for its provider for a second or two at most where it
    has a setting for that: checks let the provider hang.

    :param login_lasts: the longest life of a login that the plugin takes: from when
        it begins to count until it no longer does
    :param vouches: the provider is a site that vouches for its user: it says who
        vouches, which is the component's issuer, and when the person logged in there
    :param tells_language: the protocol has a place for the citizen's language
    :param may_leave_out_start: the protocol lets the provider leave out when a login begins
        to count: then it is when it was issued
    """

    remote: logins.IdentityRemote
    login_lasts: datetime.timedelta = datetime.timedelta(minutes=5)
    vouches: bool = False
    tells_language: bool = True
    may_leave_out_start: bool = False


class IdentityConformance(IdentityForgeryChecks):
    """What a plugin that implements ``IIdentity`` is held to."""

    contract: ClassVar = IIdentity
    bench_type: ClassVar = IdentityBench

    def use(self, bench: Any, component: Any, key: str) -> object:
        """Somebody logs in. The times, which are those of the day, are not compared."""
        claims = logins.answered(bench, component, logins.a_request(key))
        if not isinstance(claims, Claims):
            broken(f"a genuine answer gave {logins.described(claims)}")
        return [getattr(claims, name) for name in (*logins.TEXTS, "algorithm", "attributes")]

    def reach(self, bench: Any, component: Any, key: str) -> object:
        """Somebody comes back from a login that the ordinary address began."""
        genuine, request = bench.make(), logins.a_request(key)
        said = logins.said_of(bench, genuine, request)
        begun = logins.begun(genuine, request)
        return component.complete(bench.remote.log_in(begun, said, logins.Forgery.NONE))

    @check(
        "issuer-and-algorithms",
        "It names its one issuer and the signature algorithms it accepts, none among them not.",
        da="Den nævner sin ene udsteder og de signaturalgoritmer, den godtager; »none« er ikke en.",
    )
    def test_issuer_and_algorithms(self, bench: IdentityBench) -> None:
        """Both are attributes of the component, the same at every look."""
        component = bench.make()
        expect(isinstance(component.issuer, str) and component.issuer, "issuer is empty")
        names = component.algorithms
        expect(isinstance(names, frozenset) and names, "algorithms is no frozenset, or empty")
        expect("none" not in {name.lower() for name in names}, 'algorithms holds "none"')

    @check(
        "begin-asks-as-told",
        "The provider is asked with the request, audience, address, level and language told.",
        da="Udbyderen spørges med netop den anmodning, modtager, returadresse, sikringsniveau og"
        " det sprog, den fik.",
    )
    def test_begin_asks_as_told(self, bench: IdentityBench) -> None:
        """What the provider understands is what the core asked for."""
        component = bench.make()
        for level in AssuranceLevel:
            for locale in ("da", "en"):
                wanted = replace(
                    logins.a_request(f"request-{level.name}"), level=level, locale=locale
                )
                asked = bench.remote.asked(logins.begun(component, wanted))
                asked = asked if bench.tells_language else replace(asked, locale=locale)
                for one in fields(LoginRequest):
                    same = getattr(asked, one.name) == getattr(wanted, one.name)
                    expect(same, f"the provider understood another {one.name}")

    @check(
        "claims-as-said",
        "What the provider said comes out exactly: nothing is changed, added or left out.",
        da="Det, udbyderen sagde, kommer uændret ud: intet er ændret, lagt til eller udeladt.",
    )
    def test_claims_as_said(self, bench: IdentityBench) -> None:
        """For every level there is, and one there is not."""
        component = bench.make()
        for level in ("low", "substantial", "high", "unheard-of"):
            request = logins.a_request(f"request-{level}")
            said = {**logins.said_of(bench, component, request), "level": level}
            found = logins.answered(bench, component, request, said)
            # Who knows that there is no such level may refuse it, as the core will.
            judge = logins.same_or_refused if level == "unheard-of" else logins.same
            judge(found, said)
        for number, name in enumerate(_NAMES):
            request = logins.a_request(f"request-name-{number}")
            said = {**logins.said_of(bench, component, request), "name": name}
            logins.same(logins.answered(bench, component, request, said), said)

    @check(
        "wrong-claims-as-said",
        "A claim that is not what was asked for is handed on as it is, for the core to refuse.",
        da="En oplysning, der ikke passer til anmodningen, gives videre, som den er, så kernen kan"
        " afvise den.",
    )
    def test_wrong_claims_as_said(self, bench: IdentityBench) -> None:
        """Another audience, recipient, request, issuer or time; a refusal is right as well."""
        component = bench.make()
        long_ago = cases.RECEIVED - datetime.timedelta(days=400)
        wrong: dict[str, str | datetime.datetime] = {
            "issuer": "https://another.example",
            "audience": "https://another.example",
            "recipient": "https://another.example/-/messages/login",
            "in_response_to": "another-request",
            "not_after": long_ago,
        }
        for name, value in wrong.items():
            request = logins.a_request(f"request-{name}")
            said = {**logins.said_of(bench, component, request), name: value}
            logins.same_or_refused(logins.answered(bench, component, request, said), said)

    @check(
        "missing-stay-empty",
        "A claim that the provider did not make stays empty, and is never filled in.",
        da="En oplysning, udbyderen ikke gav, forbliver tom og bliver aldrig fyldt ud.",
    )
    def test_missing_stay_empty(self, bench: IdentityBench) -> None:
        """A refusal is right as well."""
        component = bench.make()
        for name in (*logins.TEXTS, *logins.ATTRIBUTES):
            request = logins.a_request(f"request-{name}")
            said = logins.without(logins.said_of(bench, component, request), name)
            logins.same_or_refused(logins.answered(bench, component, request, said), said)

    @check(
        "missing-time-refused",
        "An answer without one of its times is refused: no time is made up.",
        da="Et svar uden et af sine tidspunkter afvises: intet tidspunkt opfindes.",
    )
    def test_missing_time_refused(self, bench: IdentityBench) -> None:
        """Claims must have them, so that there is nothing to return but a refusal."""
        component = bench.make()
        for name in logins.TIMES:
            request = logins.a_request(f"request-{name}")
            said = logins.without(logins.said_of(bench, component, request), name)
            found = logins.answered(bench, component, request, said)
            if name == "not_before" and bench.may_leave_out_start:
                logins.same(found, {**said, name: said["issued_at"]})
            else:
                logins.is_refused(found, f"an answer without {name}")

    @check(
        "times-in-utc",
        "Times have a zone, and the zone is UTC.",
        da="Tidspunkter har en tidszone, og den er UTC.",
    )
    def test_times_in_utc(self, bench: IdentityBench) -> None:
        """However the provider wrote them."""
        component = bench.make()
        request = logins.a_request()
        elsewhere = datetime.timezone(datetime.timedelta(hours=2))
        said = logins.said_of(bench, component, request)
        said |= {name: logins.moment_of(said, name).astimezone(elsewhere) for name in logins.TIMES}
        claims = logins.answered(bench, component, request, said)
        if not isinstance(claims, Claims):
            broken(f"a genuine answer gave {logins.described(claims)}")
        for name in logins.TIMES:
            moment = getattr(claims, name)
            expect(moment == said[name], f"{name} is another moment than was said")
            expect(moment.utcoffset() == datetime.timedelta(), f"{name} is not in UTC")

    @check(
        "vouching-as-said",
        "Who vouches, and when the person logged in there, is told where it was said alone.",
        da="Hvem der står inde for login, og hvornår personen loggede ind dér, fortælles kun, når"
        " det blev sagt.",
    )
    def test_vouching_as_said(self, bench: IdentityBench) -> None:
        """A provider that does not vouch leaves both empty. The time is in UTC."""
        component = bench.make()
        elsewhere = datetime.timezone(datetime.timedelta(hours=2))
        for hours in (1, 3):
            request = logins.a_request(f"request-vouched-{hours}")
            said = logins.said_of(bench, component, request)
            at = logins.moment_of(said, "issued_at") - datetime.timedelta(hours=hours)
            if bench.vouches:
                said |= logins.vouching(component, at.astimezone(elsewhere))
            logins.is_vouched(logins.answered(bench, component, request, said), said)
        request = logins.a_request("request-vouched-when")
        timeless = logins.without(logins.said_of(bench, component, request), "logged_in_at")
        found = logins.answered(bench, component, request, timeless)
        if not isinstance(found, Refusal):
            logins.is_vouched(found, timeless)

    @check(
        "cancelled-told",
        "A login that the citizen gave up is told as given up; a forged one is not.",
        da="Et login, borgeren opgav, meldes som opgivet; et forfalsket gør ikke.",
    )
    def test_cancelled_told(self, bench: IdentityBench) -> None:
        """``Refusal(cancelled=True)``, which the citizen is told about kindly."""
        component = bench.make()
        message = bench.remote.cancel(logins.begun(component, logins.a_request()))
        found = component.complete(message)
        if not isinstance(found, Refusal) or not found.cancelled:
            broken(f"a login that was given up gave {logins.described(found)}")

    @check(
        "repeated-message",
        "The same message again says the same, or is refused.",
        da="Den samme besked igen siger det samme, eller den afvises.",
    )
    def test_repeated_message(self, bench: IdentityBench) -> None:
        """That it came before is for the core to judge."""
        component = bench.make()
        request = logins.a_request()
        said = logins.said_of(bench, component, request)
        message = bench.remote.log_in(logins.begun(component, request), said, logins.Forgery.NONE)
        logins.same(component.complete(message), said)
        for again in (component, bench.make()):
            logins.same_or_refused(again.complete(message), said)

    @check(
        "nonsense-refused",
        "Whatever anybody sends is at worst refused: it never raises, and logs nobody in.",
        da="Hvad nogen end sender, bliver det højst afvist: det giver aldrig en fejl og logger"
        " ingen ind.",
    )
    def test_nonsense_refused(self, bench: IdentityBench) -> None:
        """In the query, in the body, in the headers, and cut off."""
        component = bench.make()
        request = logins.a_request()
        genuine = bench.remote.log_in(
            logins.begun(component, request),
            logins.said_of(bench, component, request),
            logins.Forgery.NONE,
        )
        for message in logins.nonsense(genuine):
            call = called(partial(component.complete, message))
            if not isinstance(call.value, Refusal):
                broken(f"a nonsensical message {call.described}")

    @check(
        "provider-away",
        "A provider that cannot be reached is Unavailable, within the time of the contract.",
        da="Kan udbyderen ikke nås, meldes det som utilgængelig inden for kontraktens tid.",
    )
    def test_provider_away(self, bench: IdentityBench) -> None:
        """Who needs no provider to read an answer gives the claims as they were said."""
        for fault in _AWAY:
            call, said = logins.under(bench, fault)
            if not isinstance(call.error, Unavailable):
                logins.exactly(call.error or call.value, said, f"with the provider {fault.value}")

    @check(
        "provider-absurd",
        "A provider that answers nonsense logs nobody in.",
        da="En udbyder, der svarer volapyk, logger ingen ind.",
    )
    def test_provider_absurd(self, bench: IdentityBench) -> None:
        """Unavailable and a refusal are both right."""
        for fault in _ABSURD:
            call, said = logins.under(bench, fault)
            found = call.error or call.value
            if not isinstance(found, Unavailable | Refusal):
                logins.exactly(found, said, f"with the provider's answer {fault.value}")

    @check(
        "interleaved",
        "Two logins at once, answered in the other order, are not mixed up.",
        da="To samtidige login, besvaret i omvendt rækkefølge, blandes ikke sammen.",
    )
    def test_interleaved(self, bench: IdentityBench) -> None:
        """Each answer belongs to its own request and person."""
        component = bench.make()
        people = (cases.a_person(), cases.another_person())
        begun = []
        for number, person in enumerate(people):
            request = logins.a_request(f"interleaved-{number}")
            begun.append(
                (
                    logins.begun(component, request),
                    logins.said_of(bench, component, request, person),
                )
            )
        answers = [bench.remote.log_in(where, said, logins.Forgery.NONE) for where, said in begun]
        for number in (1, 0):
            logins.same(component.complete(answers[number]), begun[number][1])

    @check(
        "thread-safe",
        "Many citizens at once each get their own answer.",
        da="Mange borgere på én gang får hver sit eget svar.",
    )
    def test_thread_safe(self, bench: IdentityBench) -> None:
        """One component serves all threads."""
        component = bench.make()
        people = (cases.a_person(), cases.another_person(), cases.a_child())

        def log_in(number: int) -> tuple[object, logins.Said]:
            request = logins.a_request(f"thread-{number}")
            said = logins.said_of(bench, component, request, people[number % len(people)])
            return logins.answered(bench, component, request, said), said

        for found, said in at_once(log_in, MANY * 2):
            logins.same(found, said)

    @check(
        "end-answers",
        "Logging out is answered with an address or with nothing, whether the provider is there.",
        da="Log ud besvares med en adresse eller med ingenting, også når udbyderen ikke er der.",
    )
    def test_end_answers(self, bench: IdentityBench) -> None:
        """With the farewell of a login, and with none; the address has no CPR number or name."""
        component = bench.make()
        person = cases.a_person()
        request = logins.a_request()
        claims = logins.answered(bench, component, request)
        if not isinstance(claims, Claims):
            broken(f"a genuine answer gave {logins.described(claims)}")
        for fault, farewell in ((Fault.NONE, claims.farewell), (Fault.NONE, ""), (Fault.DOWN, "")):
            bench.remote.behave(fault)
            asked = LogoutRequest(farewell, request.return_url, "da")
            call = called(partial(component.end, asked))
            logins.in_time(call, "end")
            if isinstance(call.error, Unavailable) and fault is Fault.DOWN:
                continue
            if call.error is not None or not isinstance(call.value, Challenge | None):
                broken(f"end {call.described}")
            if call.value is not None:
                logins.is_address(call.value.url)
                logins.is_silent(repr(call.value), person, "the address to log out at")

    @check(
        "cpr-not-told",
        "CPR numbers and names are in no address, log line, refusal or exception.",
        da="CPR-numre og navne står ikke i nogen adresse, loglinje, afvisning eller fejl.",
    )
    def test_cpr_not_told(self, bench: IdentityBench) -> None:
        """When all goes well, when it is forged, and when the provider is away."""
        person = cases.a_person()
        with overhearing(bench.workplace) as overheard:
            component = bench.make()
            challenge = logins.begun(component, logins.a_request())
            overheard.note(challenge)
            for forgery in logins.Forgery:
                found = logins.answered(
                    bench, component, logins.a_request(f"r-{forgery.name}"), forgery=forgery
                )
                if isinstance(found, Refusal):
                    overheard.note(found)
            for fault in (Fault.DOWN, Fault.GARBAGE):
                call, _ = logins.under(bench, fault)
                if not isinstance(call.value, Claims):
                    overheard.note(call.error or call.value)
        logins.is_address(challenge.url)
        told = overheard.found(logins.words_about(person))
        expect(not told, "a CPR number or a name was told, where others can read it")
        for one in getattr(bench.remote, "requests", ()):
            logins.is_silent(f"{one.path} {one.query}", person, "an address at the provider")
