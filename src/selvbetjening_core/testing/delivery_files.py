"""The part of the delivery kit about the files that a citizen sent along."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

from selvbetjening_core.composition.copying import Copier
from selvbetjening_core.testing.cases import a_parcel, an_attachment
from selvbetjening_core.testing.common import CommonChecks
from selvbetjening_core.testing.conformance import broken, check, does_not_apply, expect
from selvbetjening_core.testing.delivery_faults import sent
from selvbetjening_core.values import Attachment, Data, OutcomeKind, Parcel

_ARRIVED = (OutcomeKind.DELIVERED, OutcomeKind.ACCEPTED_PENDING)
# Of a case they hold what the citizen sent; the rest only tells of one.
_CONTENTS = {Data.ANSWERS, Data.DOCUMENTS, Data.ATTACHMENTS}
_LARGE = bytes(range(256)) * 1000


class DeliveryFileChecks(CommonChecks):
    """What a delivery plugin does with attachments."""

    @check(
        "attachments-arrive",
        "Attachments arrive whole, or a parcel that has some is refused with a reason.",
        da="Bilag ankommer hele, eller en forsendelse med bilag afvises med en begrundelse.",
    )
    def test_attachments_arrive(self, bench: Any) -> None:
        """A large one, an empty one, and two of one name; none is quietly left behind."""
        _holds_contents(bench)
        contents = [_LARGE, b"", b"one", b"the other"]
        attached = [an_attachment("billede af Lars.png", one) for one in contents]
        parcel, component = _stripped(bench, "attached", attached), bench.make()
        is_taken = _takes(component, parcel)
        kind = sent(component, parcel).kind
        if not is_taken:
            expect(kind is OutcomeKind.PERMANENT, f"accepts() says no, and send() {kind}")
            expect(bench.remote.effects("attached") == 0, "it is refused, and sent all the same")
            return
        expect(kind in _ARRIVED, f"a parcel with attachments is {kind}")
        _same(sorted(contents), sorted(_arrived(bench, "attached")))

    @check(
        "attachments-unharmed",
        "An attachment that cannot be read, or is not the file that was sent, is not delivered:"
        " it is tried again.",
        da="Et bilag, der ikke kan læses, eller som ikke er den fil, der blev sendt, leveres ikke:"
        " der prøves igen.",
    )
    def test_attachments_unharmed(self, bench: Any) -> None:
        """Nothing half arrives, and the whole does when it can be read."""
        _holds_contents(bench)
        whole, component = an_attachment(content=_LARGE), bench.make()
        if not _takes(component, _stripped(bench, "spoilt", [whole])):
            does_not_apply("it takes no attachments", da="den tager ikke imod bilag")
        for what, spoilt in _spoilt(whole):
            kind = sent(component, _stripped(bench, "spoilt", [an_attachment(), spoilt])).kind
            transient = kind is OutcomeKind.TRANSIENT
            expect(transient, f"an attachment that {what}: the outcome is {kind}, not transient")
            expect(bench.remote.effects("spoilt") == 0, f"an attachment that {what} arrived")
        kind = sent(component, _stripped(bench, "spoilt", [whole])).kind
        expect(kind in _ARRIVED, f"when the attachment can be read again, the parcel is {kind}")


def _holds_contents(bench: Any) -> None:
    if not _CONTENTS & bench.offer.reads:
        does_not_apply(
            "it declares to read nothing of what is in a case: it tells of one",
            da="den erklærer ikke at læse noget af det, der er i en sag: den fortæller, at der er"
            " kommet en",
        )


def _stripped(bench: Any, key: str, attached: list[Attachment]) -> Parcel:
    """The parcel as a municipality hands it: without what is not declared."""
    parcel: Parcel = Copier(bench.offer.reads).copy(a_parcel(key, attachments=tuple(attached)))
    return parcel


def _takes(component: Any, parcel: Parcel) -> bool:
    verdict = component.accepts(parcel)
    expect(verdict.ok or any(verdict.reasons), "accepts() says no and gives no reason")
    return bool(verdict.ok)


def _arrived(bench: Any, key: str) -> list[bytes]:
    tell = getattr(bench.remote, "attachments", None)
    if tell is None:
        broken(
            "accepts() takes attachments, and the counterpart cannot tell what became of them:"
            " write attachments(key), which returns the content of each; or refuse them"
        )
    return list(tell(key))


def _same(wanted: list[bytes], found: list[bytes]) -> None:
    expect(len(found) == len(wanted), f"of {len(wanted)} attachments {len(found)} arrived")
    expect(found == wanted, "an attachment arrived with another content than it was sent with")


def _spoilt(whole: Attachment) -> Iterator[tuple[str, Attachment]]:
    with whole.open() as file:
        content = file.read()
    yield "cannot be opened", replace(whole, open=_cannot)
    yield "breaks off while it is read", replace(whole, open=lambda: _BreaksOff(content))
    yield "ends too early", replace(whole, open=lambda: io.BytesIO(content[:-1]))
    yield "goes on too long", replace(whole, open=lambda: io.BytesIO(content + b"x"))
    yield "has changed", replace(whole, open=lambda: io.BytesIO(content[::-1]))


def _cannot() -> NoReturn:
    raise OSError("planted: it cannot be opened")


class _BreaksOff(io.BytesIO):
    """Half of a file, and then an error."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > len(self.getvalue()) // 2:
            raise OSError("planted: it breaks off")
        return super().read(1024 if size is None or size < 0 else size)
