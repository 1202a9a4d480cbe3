"""The checks of messages from outside, for kits whose components read some."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

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

IF_UNSIGNED = (
    "\nwhere the sender proves itself by a password and signs nothing, the bench says so:"
    ' not_applicable={"message-altered": "why"}'
)
"""What to do about an altered message that nothing can be told of."""

# Headers that prove nothing, whatever stands in them.
_NO_PROOF = frozenset({"accept", "content-length", "content-type", "date", "host", "user-agent"})


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
        "A message that lacks its proof, or has another, is refused and names nothing.",
        da="En besked, der mangler sit bevis eller har et andet, afvises og siger intet.",
    )
    def test_message_forged(self, bench: Any) -> None:
        """Also one that a returning browser could send, with the same words in its address."""
        component = bench.make()
        key, message = self.one_message(bench, component)
        for how, forged in without_proof(message):
            _refused(component, forged, how)
        reply = _reply(component, as_browser(key, message))
        expect(not named_in(reply), "what a returning browser says is taken for a message")

    @check(
        "message-altered",
        "A message that was changed on its way is refused and names nothing.",
        da="En besked, der er ændret undervejs, afvises og siger intet.",
        optional=True,
    )
    def test_message_altered(self, bench: Any) -> None:
        """The proof is of the very bytes. Some senders prove with a password who they are, alone.

        Such a one is not applicable here: what it says is only as good as the
        password, so let nothing but keys be taken from it, and ask.
        """
        component = bench.make()
        key, message = self.one_message(bench, component)
        for altered in alterations(message, key):
            _refused(component, altered, "with a changed body", IF_UNSIGNED)

    @check(
        "message-malformed",
        "Whatever bytes come as a message, nothing is raised and nothing is believed.",
        da="Uanset hvilke bytes der kommer som besked, går intet galt, og intet bliver troet.",
    )
    def test_message_malformed(self, bench: Any) -> None:
        """With the headers of a genuine one, without any, and proven where that can be."""
        component = bench.make()
        _, message = self.one_message(bench, component)
        proven = getattr(bench.remote, "proven", lambda _: None)
        for body in NONSENSE:
            spoilt = [message.headers, {}, dict.fromkeys(message.headers, "\x00é")]
            tried = [replace(message, body=body, headers=headers) for headers in spoilt]
            for one in filter(None, [*tried, proven(body)]):
                reply = _reply(component, one)
                expect(not named_in(reply), f"nonsense of {len(body)} bytes is taken for a message")


def without_proof(message: Message) -> Iterator[tuple[str, Message]]:
    """The same message with its proof taken away or spoilt; nothing where it is in the body."""
    proofs = {name: value for name, value in message.headers.items() if name not in _NO_PROOF}
    if not proofs and not message.query:
        return
    plain = {name: value for name, value in message.headers.items() if name in _NO_PROOF}
    yield "without its proof", replace(message, headers=plain, query={})
    for how, change in (("with another proof", _spoilt), ("with an empty proof", _emptied)):
        headers = {**plain, **{name: change(value) for name, value in proofs.items()}}
        query = {name: change(value) for name, value in message.query.items()}
        yield how, replace(message, headers=headers, query=query)


def alterations(message: Message, key: str) -> Iterator[Message]:
    """The same message with its proof, about something else or with a bit of it changed."""
    body = message.body
    for place in {0, len(body) // 2, len(body) - 1}:
        if 0 <= place < len(body):
            changed = bytearray(body)
            changed[place] ^= 1
            yield replace(message, body=bytes(changed))
    other = body.replace(key.encode(), key[::-1].encode())
    if other != body:
        yield replace(message, body=other)


def as_browser(key: str, message: Message) -> Message:
    """What anybody can have a browser say: the words of the message, in an address."""
    try:
        said = json.loads(message.body)
    except ValueError:
        said = {}
    words = {name: str(said[name]) for name in said} if isinstance(said, dict) else {}
    form = dict(parse_qsl(message.body.decode("utf-8", "replace")))
    return replace(message, method="GET", headers={}, query={"key": key, **form, **words}, body=b"")


def named_in(reply: Reply) -> tuple[str, ...]:
    """The keys of what a reply says that a message is about."""
    return (*reply.keys, *(receipt.key for receipt in reply.receipts))


def _refused(component: Any, message: Message, how: str, hint: str = "") -> None:
    reply = _reply(component, message)
    if 200 <= reply.status < 300 or named_in(reply):
        broken(f"a message {how} is taken for genuine (status {reply.status}){hint}")


def _emptied(_: str) -> str:
    return ""


def _spoilt(value: str) -> str:
    return value[:-1] + ("0" if value[-1:] != "0" else "1")


def _acknowledged(component: Any, message: Message, key: str) -> None:
    reply = _reply(component, message)
    expect(200 <= reply.status < 300, f"it is answered with status {reply.status}")
    expect(named_in(reply) == (key,), "it does not name our own key of what it is about")


def _reply(component: Any, message: Message) -> Reply:
    came = called(lambda: component.notice(message))
    if not isinstance(came.value, Reply):
        broken(f"notice() {came.described}")
    reply: Reply = came.value
    return reply
