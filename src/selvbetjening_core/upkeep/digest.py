"""The daily digest of what is parked or overdue in a municipality."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator

from selvbetjening_core.composition.municipality_file import MunicipalityFile
from selvbetjening_core.composition.roles import DIGEST, STAFF_LOGIN
from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.delivery.reasons import reason_in_words
from selvbetjening_core.interfaces import IDigest
from selvbetjening_core.journey.ports import Store, UnitOfWork
from selvbetjening_core.journey.records import DeliveryState, ListedDelivery
from selvbetjening_core.texts import texts_for
from selvbetjening_core.texts.formats import DANISH_TIME
from selvbetjening_core.upkeep.daily import next_at
from selvbetjening_core.upkeep.tasks import OwnTask
from selvbetjening_core.values import Digest, DigestLine, Trouble

MOST_LINES = 200
_ON_THE_WAY = (
    DeliveryState.WAITING,
    DeliveryState.SENDING,
    DeliveryState.ACCEPTED_PENDING,
    DeliveryState.UNKNOWN,
)
_STAFF_PAGES = "/-/drift"


def digest_task(store: Store) -> OwnTask:
    """Sends the digest once a day, from the hour on that the municipality has set.

    It is due again when it was handed on; until then it is tried again with the
    same key. A municipality without the role ``digest`` is asked again the next day.
    """

    def run(municipality: Municipality, _stop: threading.Event) -> datetime.datetime:
        settings = municipality.file.digest
        with store.transaction(municipality.code) as work:
            now = work.now()
            digest = make_digest(municipality.file, work)
        due = next_at(settings.hour, now)
        binding = municipality.file.binding(DIGEST, "")
        is_time = now.astimezone(DANISH_TIME).hour >= settings.hour
        if binding and is_time and (digest.lines or settings.always):
            municipality.named(IDigest, binding.component).send(digest)
            with store.transaction(municipality.code) as work:
                told = f"{len(digest.lines)} deliveries"
                work.audit.add("digest", digest.key, work.now(), told)
        return due

    return OwnTask("digest", run)


def make_digest(file: MunicipalityFile, work: UnitOfWork) -> Digest:
    """What is parked or overdue now. Nothing personal is in it."""
    now = work.now()
    day = now.astimezone(DANISH_TIME).date()
    parked = list(work.deliveries.page(state=DeliveryState.PARKED, size=MOST_LINES + 1))
    lines = [_line(one, Trouble.PARKED) for one in parked]
    lines += [_line(one, Trouble.OVERDUE) for one in _overdue(file, work, now)]
    lines.sort(key=lambda line: line.since)
    counts = work.deliveries.unfinished_counts()
    return Digest(
        key=f"digest-{file.code}-{day.isoformat()}",
        municipality_code=file.code,
        authority=file.name,
        day=day,
        made_at=now,
        parked=sum(one.count for one in counts if one.state is DeliveryState.PARKED),
        lines=tuple(lines[:MOST_LINES]),
        has_more=len(lines) > MOST_LINES,
        url=_page(file),
    )


def _overdue(
    file: MunicipalityFile, work: UnitOfWork, now: datetime.datetime
) -> Iterator[ListedDelivery]:
    for component in {one.component for one in work.deliveries.unfinished_counts()}:
        before = now - file.rules_for(component).overdue_after
        for state in _ON_THE_WAY:
            yield from work.deliveries.page(
                state=state, component=component, overdue_before=before, size=MOST_LINES + 1
            )


def _line(one: ListedDelivery, trouble: Trouble) -> DigestLine:
    delivery, texts = one.delivery, texts_for("da")
    return DigestLine(
        receipt_number=one.receipt_number,
        destination=_called(delivery.destination),
        component=delivery.component,
        trouble=trouble,
        since=delivery.created_at,
        reason=texts.t("staff.reason.comes_after", destination=_called(delivery.waits_for))
        if delivery.waits_for
        else reason_in_words(delivery.reason, texts),
    )


def _called(role: str) -> str:
    """What people call a destination, in Danish; its role, where it has no name."""
    return texts_for("da").by_key.get(f"destination.{role}", role)


def _page(file: MunicipalityFile) -> str:
    """The pages for staff, where there are any and the host is known."""
    if not file.hosts or file.binding(STAFF_LOGIN, "") is None:
        return ""
    return f"https://{file.hosts[0]}{_STAFF_PAGES}"
