"""Marked CPR numbers through every journey, error and crash: where are they afterwards?"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import suite
from harness import Process, free_port
from leak_search import Search, marked_citizens, numbers_of
from leak_site import LeakSite, Visitor, fetch_metrics, meant, server_sinks, sinks
from postgres import Postgres

from selvbetjening_demo.people import DemoCitizen

ABOUT = """Marked citizens (the official test persons, and generated ones born in 2031-2036,
whose numbers no living person can hold) fill in, pay, and write numbers wherever one can
write. Plugins log, print, raise and answer with numbers, the core is made to raise with
them, and web and worker are killed with kill -9. Then everything left behind is searched:
plain, dashed, in base64 (three alignments), in hex, and as md5, sha1 and sha256 without a
key. What is meant to hold them, the journal's folder, is searched for the control."""
FAULTS = {
    "logged": "nothing is masked in logs and on streams",
    "unsealed-column": "answers and parties are encoded, not encrypted",
    "unkeyed-hash": "the blind index is a plain hash",
    "remote-reference": "what a receiver calls a case by is kept as it is",
    "file-name": "a file is named after the citizen",
    "mail-subject": "the subject of a mail names the citizen",
    "report": "the error report is not masked",
    "address": "redirections carry the number",
    "link-back": "the links of a page lead to its address, whoever wrote a number into it",
    "cookie": "a cookie carries the number",
    "title": "the title of a page carries the number",
    "metric-label": "a figure is told for each citizen",
}
_SHOWN = 8
_WANDERS = ("logged out", "with open answers", "")
"""When a visitor writes the number everywhere, besides afterwards; each in turn."""


@dataclass
class _Found:
    figures: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def run(options: suite.Options) -> suite.Result:
    """Both databases, and between the parts of the journeys a kill of each process."""
    found = _Found()
    count = options.many(200, 6)
    citizens = marked_citizens(count, options.seed)
    numbers = numbers_of(citizens.all)
    search = Search(numbers)
    found.figures["numbers"] = len(numbers)
    found.figures["forms looked for"] = len(search)
    if search.control() != len(search):
        found.missed.append("the search does not find what it looks for")
    with LeakSite(citizens, fault=options.fault) as site:
        _lives(site, citizens.all, 2 if options.small else 3, found)
        _reckon(site, search, found, {})
    if not (options.small or options.fault):
        with _postgres() as server:
            url = server.new_database()
            with LeakSite(citizens, url) as site:
                _lives(site, citizens.all, 3, found)
                _reckon(site, search, found, server_sinks(server, url))
    return suite.Result(dict(found.figures), found.missed)


@contextlib.contextmanager
def _postgres() -> Iterator[Postgres]:
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _lives(site: LeakSite, citizens: tuple[DemoCitizen, ...], parts: int, found: _Found) -> None:
    """Journeys and hostile visits in so many parts; between them both processes are killed."""
    port = free_port()
    for part in range(parts):
        web, worker = _started(site, port)
        for place, citizen in enumerate(citizens[part::parts]):
            _one(site, web, citizen, citizens[-1 - place], found, _WANDERS[place % 3])
        site.metrics += fetch_metrics(site, web.address)
        if part < parts - 1:
            web.kill()
            worker.kill()
            found.figures["kill -9"] += 2
    with contextlib.suppress(AssertionError):
        # What waits longer was tried, and told about, all the same.
        site.settle(20)


def _started(site: LeakSite, port: int) -> tuple[Process, Process]:
    return site.serve(port=port, program=site.program), site.worker(program=site.program)


def _one(
    site: LeakSite,
    web: Process,
    citizen: DemoCitizen,
    other: DemoCitizen,
    found: _Found,
    wanders: str,
) -> None:
    visitor = Visitor(web.address, citizen.id, site.seen)
    own, number = citizen.person.cpr.reveal(), other.person.cpr.reveal()
    is_paid = int(number) % 2 == 0
    if wanders == "logged out":
        visitor.wander(own)
    between = own if wanders == "with open answers" else ""
    if visitor.journey(f"{number[:6]}-{number[6:]}", is_paid=is_paid, wanders=between):
        found.figures["paid journeys" if is_paid else "free journeys"] += 1
    else:
        found.missed.append(f"no receipt at {visitor.status}")
    visitor.wander(own)
    found.figures["hostile requests"] += visitor.hostile


def _reckon(site: LeakSite, search: Search, found: _Found, more: dict[str, bytes]) -> None:
    looked = sinks(site) | more
    for name, data in looked.items():
        if not data and name not in ("write-ahead log", "temporary files"):
            found.missed.append(f"there is nothing in: {name}")
    hits = search.hits(looked)
    found.figures["sinks"] += len(looked)
    found.figures["kB searched"] += sum(len(data) for data in looked.values()) // 1000
    found.figures["hits"] += len(hits)
    found.missed += [str(hit) for hit in hits[:_SHOWN]]
    held = {hit.place for hit in search.hits({"journal": meant(site)})}
    found.figures["found where they are meant to be"] += len(held)
    journeys = found.figures["paid journeys"] + found.figures["free journeys"]
    if not held or journeys < len(held):
        found.missed.append(f"control: {len(held)} numbers in the journal of {journeys} cases")
