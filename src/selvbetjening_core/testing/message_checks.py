"""The checks of messages from outside, for kits whose components read some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from selvbetjening_core.testing.common import CommonChecks, called
from selvbetjening_core.testing.conformance import broken, check, expect
from selvbetjening_core.values import Message, Reply

NONSENSE = (
    b"",
    b"\x00",
    b"\xff\xfe\xfd",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"{}",
    b'{"key": null, "id": 1e999}',
    b'{"key": {"key": ["' + b"x" * 1000 + b'"]}}',
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    b"key=1&key=2&%zz=%00",
    b"[" * 20_000,
    b"A" * 1_000_000,
)
"""Bodies that no outside system sends on purpose."""


class MessageChecks(CommonChecks):
    """What a component that outside systems send messages to is held to."""

    def one_message(self, bench: Any, component: Any) -> tuple[str, Message]:
        """A genuine message, and our own key of what it is about.

        A kit does what leads to it; it may end the check where there are none.
        """
        raise NotImplementedError

    def two_messages(self, bench: Any, component: Any) -> tuple[str, Message, Message]:
        """Two genuine messages about one thing, in the order they were sent."""
        key, message = self.one_message(bench, component)
        return key, message, message

    @check(
        "message-genuine",
        "A genuine message is acknowledged, and names what it is about.",
        da="En ægte besked kvitteres der for, og den siger, hvad den handler om.",
    )
    def test_message_genuine(self, bench: Any) -> None:
        """Status 200 to 299, and our own key."""
        component = bench.make()
        key, message = self.one_message(bench, component)
        _acknowledged(component, message, key)

    @check(
        "message-repeated",
        "A message that comes twice is acknowledged twice.",
        da="En besked, der kommer to gange, kvitteres der for begge gange.",
    )
    def test_message_repeated(self, bench: Any) -> None:
        """The sender repeats until it is acknowledged; a refusal makes it repeat for ever."""
        component = bench.make()
        key, message = self.one_message(bench, component)
        for _ in range(3):
            _acknowledged(component, message, key)

    @check(
        "message-reordered",
        "Messages that come late, or in another order than they were sent, are acknowledged.",
        da="Beskeder, der kommer sent eller i en anden rækkefølge, kvitteres der også for.",
    )
    def test_message_reordered(self, bench: Any) -> None:
        """The last first, then the first; read by a component made anew."""
        key, first, last = self.two_messages(bench, bench.make())
        component = bench.make()
        _acknowledged(component, last, key)
        _acknowledged(component, first, key)

    @check(
        "message-unknown",
        "A genuine message about what the component has never seen is acknowledged.",
        da="En ægte besked om noget, komponenten aldrig har set, kvitteres der for.",
    )
    def test_message_unknown(self, bench: Any) -> None:
        """By a component without memory: the core decides what is known."""
        _, message = self.one_message(bench, bench.make())
        reply = _reply(bench.component(bench.settings), message)
        expect(200 <= reply.status < 300, f"it is answered with status {reply.status}")

    @check(
        "message-forged",
        "A message that is changed, or lacks its proof, is refused and names nothing.",
        da="En besked, der er ændret eller mangler sit bevis, afvises og siger intet.",
    )
    def test_message_forged(self, bench: Any) -> None:
        """Each body changed in one place, and each header taken away or spoilt."""
        component = bench.make()
        _, message = self.one_message(bench, component)
        for how, forged in forgeries(message):
            reply = _reply(component, forged)
            if 200 <= reply.status < 300 or reply.keys or reply.receipts:
                broken(f"a message {how} is taken for genuine (status {reply.status})")

    @check(
        "message-malformed",
        "Whatever bytes come as a message, nothing is raised and nothing is believed.",
        da="Uanset hvilke bytes der kommer som besked, går intet galt, og intet bliver troet.",
    )
    def test_message_malformed(self, bench: Any) -> None:
        """With the headers of a genuine one, and without any."""
        component = bench.make()
        _, message = self.one_message(bench, component)
        for body in NONSENSE:
            for headers in (message.headers, {}, dict.fromkeys(message.headers, "\x00é")):
                reply = _reply(component, replace(message, body=body, headers=headers))
                if reply.keys or reply.receipts:
                    broken(f"nonsense of {len(body)} bytes is taken for a message")


def forgeries(message: Message) -> Iterator[tuple[str, Message]]:
    """The same message, not genuine any more; and in which way."""
    for place in {0, len(message.body) // 2, len(message.body) - 1}:
        if 0 <= place < len(message.body):
            changed = bytearray(message.body)
            changed[place] ^= 1
            yield "with a changed body", replace(message, body=bytes(changed))
    yield "with an added body", replace(message, body=message.body + b" ")
    yield "without its headers", replace(message, headers={})
    spoilt = {name: _spoilt(value) for name, value in message.headers.items()}
    yield "with other headers", replace(message, headers=spoilt)
    empty = dict.fromkeys(message.headers, "")
    yield "with empty headers", replace(message, headers=empty)


def _spoilt(value: str) -> str:
    return value[:-1] + ("0" if value[-1:] != "0" else "1")


def _acknowledged(component: Any, message: Message, key: str) -> None:
    reply = _reply(component, message)
    expect(200 <= reply.status < 300, f"it is answered with status {reply.status}")
    named = (*reply.keys, *(receipt.key for receipt in reply.receipts))
    expect(named == (key,), "it does not name our own key of what it is about")


def _reply(component: Any, message: Message) -> Reply:
    came = called(lambda: component.notice(message))
    if not isinstance(came.value, Reply):
        broken(f"notice() {came.described}")
    reply: Reply = came.value
    return reply
