"""The kit for components that outside systems send messages to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Protocol

from selvbetjening_core.interfaces import IMessages
from selvbetjening_core.testing import cases
from selvbetjening_core.testing.attempts import expect_as_promised, in_threads
from selvbetjening_core.testing.beside import BesideBench
from selvbetjening_core.testing.common import called
from selvbetjening_core.testing.conformance import Conformance, check, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.testing.message_checks import (
    IF_UNSIGNED,
    alterations,
    as_browser,
    without_proof,
)
from selvbetjening_core.testing.watching import overhearing, personal_words
from selvbetjening_core.values import Message, Reply

_KEY, _OTHER = "key-1", "key-2"
_NONSENSE = (
    b"",
    b"\x00\xff\xfe",
    b"{",
    b"[]",
    b"null",
    b'{"key": {"key": 1}}',
    b"<a>" * 1_000,
    b"[" * 20_000,
    b"=&=&%%%",
    b"x" * 1_000_000,
)
_REFUSING = 400


class MessagesRemote(Protocol):
    """The system that sends messages. Written by the vendor, driven by the kit."""

    def behave(self, fault: Fault) -> None:
        """Have this fault from now on."""

    def message(self, key: str, number: int) -> Message:
        """A genuine message about what our ``key`` named: the first, the second and so on."""

    def unproven(self, key: str) -> Message:
        """The same as the first, with a proof that somebody else made."""

    def proven(self, body: bytes) -> Message | None:
        """A message with this body and a genuine proof; None if the proof is no such thing."""


@dataclass(kw_only=True)
class MessagesBench(BesideBench):
    """A component that reads messages, and the system that sends them."""

    remote: MessagesRemote


class MessagesConformance(Conformance):
    """What a component that provides ``IMessages`` is held to.

    Beside the kit of the contract that it is registered under.
    """

    contract: ClassVar = IMessages
    bench_type: ClassVar = MessagesBench

    @check(
        "message-read",
        "A genuine message is acknowledged, and names what it is about.",
        da="En ægte besked kvitteres der for, og den nævner, hvad den handler om.",
    )
    def test_message_read(self, bench: MessagesBench) -> None:
        """Our key, or a receipt for it; and the component provides ``IMessages``."""
        component = bench.make()
        expect(IMessages.providedBy(component), "the component does not provide IMessages")
        reply = _notice(component, bench.remote.message(_KEY, 1), "for a genuine message")
        expect(_is_taken(reply), f"a genuine message was answered {reply.status}")
        expect(_names(reply) == {_KEY}, "a genuine message does not name what it is about")

    @check(
        "message-twice",
        "A message that comes twice, or long after, is acknowledged like the first.",
        da="En besked, der kommer to gange eller sent, kvitteres der for som den første.",
    )
    def test_message_twice(self, bench: MessagesBench) -> None:
        """The same reply; also by a component that has not seen the first."""
        component = bench.make()
        message = bench.remote.message(_KEY, 1)
        first = _notice(component, message, "for a genuine message")
        late = replace(message, received_at=message.received_at + datetime.timedelta(minutes=4))
        for one, other in ((component, message), (component, late), (bench.make(), message)):
            reply = _notice(one, other, "for a message that came before")
            expect(_is_taken(reply), f"a repeated message was answered {reply.status}")
            expect(_names(reply) == _names(first), "a repeated message names something else")

    @check(
        "message-out-of-order",
        "Messages that overtake each other are all acknowledged.",
        da="Beskeder, der overhaler hinanden, kvitteres der alle for.",
    )
    def test_message_out_of_order(self, bench: MessagesBench) -> None:
        """The second before the first."""
        component = bench.make()
        for number in (2, 1, 2):
            reply = _notice(component, bench.remote.message(_KEY, number), "out of order")
            expect(_is_taken(reply), f"a message out of order was answered {reply.status}")

    @check(
        "message-unknown",
        "A message about something that nobody began here is acknowledged.",
        da="En besked om noget, ingen her har sat i gang, kvitteres der for.",
    )
    def test_message_unknown(self, bench: MessagesBench) -> None:
        """Else its sender would repeat it for ever."""
        message = bench.remote.message("never-heard-of", 1)
        reply = _notice(bench.make(), message, "for an unknown key")
        expect(_is_taken(reply), f"a message about an unknown key was answered {reply.status}")

    @check(
        "message-forged",
        "A message that cannot be proven is refused, and names nothing.",
        da="En besked, der ikke kan bevises, afvises og nævner intet.",
    )
    def test_message_forged(self, bench: MessagesBench) -> None:
        """Another's proof, none, and what a returning browser could send."""
        component, genuine = bench.make(), bench.remote.message(_KEY, 1)
        others = ("with somebody else's proof", bench.remote.unproven(_KEY))
        for how, message in (others, *without_proof(genuine)):
            _is_refused(component, message, how)
        reply = _notice(component, as_browser(_KEY, genuine), "for what a browser says")
        expect(not _names(reply), "what a returning browser says was believed")

    @check(
        "message-altered",
        "A message that was changed on its way is refused, and names nothing.",
        da="En besked, der er ændret undervejs, afvises og nævner intet.",
        optional=True,
    )
    def test_message_altered(self, bench: MessagesBench) -> None:
        """A changed body, and the proof of another message.

        Not applicable where a sender proves who it is with a password, and
        nothing of what it says.
        """
        component, genuine = bench.make(), bench.remote.message(_KEY, 1)
        for altered in alterations(genuine, _KEY):
            _is_refused(component, altered, "with a changed body", IF_UNSIGNED)
        other = bench.remote.message(_OTHER, 1)
        _is_refused(component, replace(genuine, body=other.body), "with another's proof")

    @check(
        "message-malformed",
        "Nonsense is answered, never raised on, and names nothing.",
        da="Volapyk besvares uden at vælte noget, og det nævner intet.",
    )
    def test_message_malformed(self, bench: MessagesBench) -> None:
        """Without a proof, and with a genuine one where there can be."""
        component, genuine = bench.make(), bench.remote.message(_KEY, 1)
        for body in _NONSENSE:
            bare = replace(genuine, body=body)
            odd = replace(bare, headers={}, query={"": "\x00"}, method="GET")
            for message in (bare, odd, bench.remote.proven(body)):
                if message is None:
                    continue
                reply = _notice(component, message, "for nonsense")
                expect(not _names(reply), "nonsense was believed")

    @check(
        "message-not-told",
        "What a message says of somebody is in no reply, log line, exception or print.",
        da="Det, en besked siger om nogen, står ikke i svar, log, fejl eller udskrift.",
    )
    def test_message_not_told(self, bench: MessagesBench) -> None:
        """A body full of CPR number, name and address, with and without a proof."""
        words = personal_words(cases.a_person())
        body = " ".join(words).encode()
        with overhearing(bench.workplace) as heard:
            component = bench.make()
            for message in (cases.a_message(body), bench.remote.proven(body)):
                if message is not None:
                    made = called(partial(component.notice, message))
                    heard.note(made.value, made.error)
        found = heard.found(words)
        expect(not found, f"{len(found)} personal words of a message were told elsewhere")

    @check(
        "message-thread-safe",
        "Many messages at once are each read for themselves.",
        da="Mange beskeder på én gang læses hver for sig.",
    )
    def test_message_thread_safe(self, bench: MessagesBench) -> None:
        """About different keys, side by side."""
        component = bench.make()
        keys = [f"key-{number}" for number in range(8)]
        calls = [
            partial(_notice, component, bench.remote.message(key, 1), "among many") for key in keys
        ]
        for replies, key in zip(in_threads(calls), keys, strict=True):
            is_own = all(_names(reply) == {key} for reply in replies)
            expect(is_own, "a message was taken for another's")


def _notice(component: Any, message: Message, about: str) -> Reply:
    made = called(lambda: component.notice(message))
    reply: Reply = expect_as_promised(made, IMessages, "notice", about)
    return reply


def _is_refused(component: Any, message: Message, how: str, hint: str = "") -> None:
    reply = _notice(component, message, f"for a message {how}")
    expect(not _is_taken(reply), f"a message {how} was answered {reply.status}{hint}")
    expect(not _names(reply), f"a message {how} was believed{hint}")


def _is_taken(reply: Reply) -> bool:
    return reply.status < _REFUSING


def _names(reply: Reply) -> set[str]:
    return {*reply.keys, *(receipt.key for receipt in reply.receipts)}
