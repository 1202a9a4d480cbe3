"""Slow, large, deep and many: what one attacker sends, while others are served.

A real ``selvbetjening serve`` behind a real nginx, with the configuration that
``selvbetjening proxy-config`` prints for it.
"""

from __future__ import annotations

import contextlib
import http.client
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from citizen import FORM, HOST, SOLUTION, Citizen
from dos_slow import HEADERS, SlowClients
from harness import PROGRAM, Installation, Process, free_port
from nginx import nginx, nginx_program
from suite import Options, Result

ABOUT = (
    "A real server behind a real nginx with the configuration that"
    " `selvbetjening proxy-config` prints: 150 clients that are slow with headers, with a body"
    " and with reading, while citizens go on; bodies, fields, headers, nesting, entities and"
    " patterns beyond every limit; and more logins from one address than a town hall makes."
)
FAULTS: Mapping[str, str] = {
    "no_field_limit": "a form may have any number of fields",
    "no_header_timeout": "the proxy's configuration has lost its time limit for headers",
    "rate_not_counted": "nobody counts how often something is done",
    "quadratic_regex": "a pattern takes the square of the time that its text is long",
    "read_whole": "a body is taken in whole before anybody asks how long it is",
    "depth_unchecked": "a message from outside may be nested as deep as one likes",
    "proxy_believes": "the proxy hands on the address that the client itself tells",
}
_OF_PROXY = {
    "no_header_timeout": ("client_header_timeout 2s", "client_header_timeout 600s"),
    "proxy_believes": ("X-Forwarded-For $remote_addr", "X-Forwarded-For $http_x_forwarded_for"),
}
_SETTINGS = """
[web]
trusted_proxy = "127.0.0.1"

[limits]
header_seconds = 2
body_seconds   = 3
"""
_RATES = "\n[limits.logins]\naddress = {logins}\nmunicipality = 0\n"
_PLANTED = Path(__file__).with_name("dos_planted.py")
_SECONDS = 20
"""Whoever has no answer by then has none: generous, for a machine that does other work."""
_SLOW_CLIENTS = 150
_HONEST = 4
_THINKS_SECONDS = 0.1
_MEBIBYTE = 2**20
_MESSAGES = "/-/messages/login"


@dataclass(frozen=True)
class Bounds:
    """What must hold, and how long it is tried. In plain tox no bound says how quick it is."""

    p95_seconds: float
    refusal_seconds: float
    quiet_seconds: float
    attack_seconds: float
    memory: int = 150 * _MEBIBYTE


@dataclass
class Site:
    """Where everything is sent: the proxy, and the server behind it."""

    front: tuple[str, int]
    web: Process
    logins: int

    @property
    def host(self) -> str:
        return f"{HOST}:{self.front[1]}"

    def memory(self) -> int:
        """The most that the server has ever held, in bytes."""
        status = Path(f"/proc/{self.web.pid}/status").read_text("ascii")
        line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) * 1024


@dataclass
class Honest:
    """What a few citizens met who only want to be served."""

    seconds: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        found = sorted(self.seconds)
        return found[int(len(found) * 0.95)] if found else float("inf")


def run(options: Options) -> Result:
    """Everything, in a few seconds where it is small."""
    if nginx_program() is None:
        return Result({}, ["nginx is not installed: apt-get install nginx"])
    bounds = Bounds(15, 15, 2, 6) if options.small else Bounds(1, 1, 10, 30)
    figures: dict[str, object] = {}
    missed: list[str] = []
    with _site(options) as site:
        idle = site.memory()
        for part in (_slow, _sizes, _depths, _mass):
            told, wrong = part(site, bounds)
            figures |= told
            missed += wrong
            if missed:
                # What comes after may be its consequence.
                break
        grown = site.memory() - idle
    figures["memory_mb"] = round(grown / _MEBIBYTE)
    if grown > bounds.memory:
        missed.append(f"the server grew by {grown // _MEBIBYTE} MB")
    return Result(figures, missed)


@contextlib.contextmanager
def _site(options: Options) -> Iterator[Site]:
    logins = options.many(200, 30)
    front = ("127.0.0.1", free_port())
    is_planted = options.fault and options.fault not in _OF_PROXY
    program = (sys.executable, "-W", "ignore", str(_PLANTED), options.fault)
    with Installation(settings=_SETTINGS, more=_RATES.format(logins=logins)) as one:
        web = one.serve(program=program if is_planted else PROGRAM)
        configuration = _configuration(one, web, front, options.fault)
        with nginx(configuration, front):
            yield Site(front, web, logins)


def _configuration(one: Installation, web: Process, front: tuple[str, int], fault: str) -> str:
    upstream, listen = (f"{host}:{port}" for host, port in (web.address, front))
    made = one.run("proxy-config", "--upstream", upstream, "--listen", listen)
    assert made.returncode == 0, made.stdout + made.stderr
    if fault not in _OF_PROXY:
        return made.stdout
    shipped, planted = _OF_PROXY[fault]
    assert shipped in made.stdout
    return made.stdout.replace(shipped, planted)


# --- slow clients -------------------------------------------------------------------------


def _slow(site: Site, bounds: Bounds) -> tuple[Mapping[str, object], list[str]]:
    """The same citizens without and with 150 slow clients beside them."""
    quiet = _honest(site, bounds.quiet_seconds)
    with SlowClients(site.front, site.host, _SLOW_CLIENTS) as slow:
        attacked = _honest(site, bounds.attack_seconds)
    endless = [one for one in slow.of(HEADERS) if not one.cut]
    figures = {
        "slow_clients": len(slow.clients),
        "cut": sum(one.cut for one in slow.clients),
        "honest_requests": len(attacked.seconds),
        "unanswered": len(attacked.unanswered),
        "p95_ms": round(attacked.p95 * 1000),
        "p95_ms_without": round(quiet.p95 * 1000),
    }
    missed = [f"unanswered: {one}" for one in (quiet.unanswered + attacked.unanswered)[:5]]
    if attacked.p95 > bounds.p95_seconds:
        missed.append(f"beside slow clients p95 is {attacked.p95:.2f} s")
    if endless:
        missed.append(f"{len(endless)} clients are still sending the headers they began with")
    return figures, missed


def _honest(site: Site, seconds: float) -> Honest:
    met = Honest()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_go_on, args=(site, met, f"127.0.2.{number + 1}", until))
        for number in range(_HONEST)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return met


def _go_on(site: Site, met: Honest, source: str, until: float) -> None:
    """Log in, then show and answer the same question until the time is up."""
    citizen = Citizen(site.front, source=source, seconds=_SECONDS)
    page = f"/{SOLUTION}/trin/cause"
    try:
        citizen.log_in()
        while time.monotonic() < until:
            for act in (citizen.get, lambda path: citizen.post(path, cause="lost")):
                begun = time.monotonic()
                act(page)
                met.seconds.append(time.monotonic() - begun)
                if citizen.status != 200:
                    met.unanswered.append(f"{citizen.status} at {citizen.path}")
                time.sleep(_THINKS_SECONDS)
    except (OSError, http.client.HTTPException, AssertionError) as error:
        met.unanswered.append(f"{type(error).__name__}: {error}"[:120])


# --- large --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hostile:
    """One request that must be refused."""

    name: str
    status: int
    path: str = f"/{SOLUTION}/start"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: dict(FORM))
    is_sent_in_parts: bool = False


_MILLION = b"&".join([b"a=1"] * 1_000_000)
_LARGE: Sequence[Hostile] = (
    Hostile("million_fields", 413, body=_MILLION),
    Hostile("million_fields_in_parts", 413, body=_MILLION, is_sent_in_parts=True),
    Hostile("fields_in_few_bytes", 413, body=b"a&" * 90_000),
    Hostile("form_beyond_the_limit", 413, body=b"a=" + b"x" * 300_000),
    Hostile("parts", 400, body=b"--b\r\n" * 30_000, headers={"Content-Type": "multipart/x"}),
    Hostile("header", 431, headers=FORM | {"X-Long": "x" * 60_000}),
    Hostile("many_headers", 431, headers=FORM | {f"X-{n}": "x" * 500 for n in range(100)}),
)


def _sizes(site: Site, bounds: Bounds) -> tuple[Mapping[str, object], list[str]]:
    """Beyond each limit, through the proxy and straight at the server."""
    missed, slowest, million = [], 0.0, 0.0
    for where in (site.front, site.web.address):
        for hostile in _LARGE:
            seconds, wrong = _refused(site, where, hostile)
            missed += wrong
            slowest = max(slowest, seconds)
            if hostile.name == "million_fields":
                million = max(million, seconds)
    missed += _unread(site)
    if slowest > bounds.refusal_seconds:
        missed.append(f"a refusal took {slowest:.2f} s")
    return {
        "refused": 2 * len(_LARGE) + 1,
        "million_fields_ms": round(million * 1000),
        "slowest_refusal_ms": round(slowest * 1000),
    }, missed


def _unread(site: Site) -> list[str]:
    """Half a gigabyte is only announced: the server must refuse it without waiting for it."""
    connection = http.client.HTTPConnection(*site.web.address, timeout=3)
    try:
        connection.putrequest("POST", f"/{SOLUTION}/start", skip_host=True)
        for name, value in {"Host": site.host, "Content-Length": "500000000", **FORM}.items():
            connection.putheader(name, value)
        connection.endheaders()
        status = connection.getresponse().status
    except TimeoutError:
        return ["announced: half a gigabyte was waited for"]
    finally:
        connection.close()
    return [] if status == 413 else [f"announced: {status}, not 413"]


# --- deep, growing, and patterns ----------------------------------------------------------

_JSON = {"Content-Type": "application/json"}
_XML = {"Content-Type": "application/xml"}
_ENTITIES = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
_LAUGHS = b'<!DOCTYPE x [<!ENTITY e0 "ha">' + _ENTITIES + b"]><x>&e9;</x>"
_FILE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
_DEEP: Sequence[Hostile] = (
    Hostile("json_50000_deep", 400, _MESSAGES, b"[" * 50_000 + b"]" * 50_000, _JSON),
    Hostile("json_unclosed", 400, _MESSAGES, b'{"a":' * 20_000, _JSON),
    Hostile("xml_20000_deep", 400, _MESSAGES, b"<a>" * 20_000 + b"</a>" * 20_000, _XML),
    Hostile("xml_called_text", 400, _MESSAGES, b"<a>" * 20_000, {"Content-Type": "text/plain"}),
    Hostile("entities_that_grow", 400, _MESSAGES, _LAUGHS, _XML),
    Hostile("entity_of_a_file", 400, _MESSAGES, _FILE, _XML),
    # Not refused for being deep: it must only be read in time that grows as it does.
    Hostile("quotes_without_end", 0, _MESSAGES, b'["' + b'\\"' * 95_000, _JSON),
    Hostile("percent_signs", 400, body=b"%" * 190_000),
)


def _depths(site: Site, bounds: Bounds) -> tuple[Mapping[str, object], list[str]]:
    """What is small as it is sent, and grows as it is read."""
    missed, slowest = [], 0.0
    for hostile in _DEEP:
        seconds, wrong = _refused(site, site.front, hostile)
        missed += wrong
        slowest = max(slowest, seconds)
        if wrong:
            break
    if slowest > bounds.refusal_seconds:
        missed.append(f"what is deep took {slowest:.2f} s")
    return {"deep": len(_DEEP), "slowest_deep_ms": round(slowest * 1000)}, missed


def _refused(site: Site, where: tuple[str, int], hostile: Hostile) -> tuple[float, list[str]]:
    """How long it took, and what is wrong with the answer."""
    connection = http.client.HTTPConnection(*where, timeout=_SECONDS)
    begun = time.monotonic()
    try:
        status, page = _sent(connection, hostile, {"Host": site.host, **hostile.headers})
    except (OSError, http.client.HTTPException) as error:
        return time.monotonic() - begun, [f"{hostile.name}: {type(error).__name__}"]
    finally:
        connection.close()
    told = []
    if status != (hostile.status or status) or status >= 500:
        told.append(f"{hostile.name}: {status}, not {hostile.status}")
    if hostile.status and "<h1>" not in page:
        told.append(f"{hostile.name}: no page says what to do")
    return time.monotonic() - begun, told


def _sent(
    connection: http.client.HTTPConnection, hostile: Hostile, headers: Mapping[str, str]
) -> tuple[int, str]:
    parts = (hostile.body[at : at + 65_536] for at in range(0, len(hostile.body), 65_536))
    # Who refuses before the end may close while we are still sending.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.request(
            "POST",
            hostile.path,
            parts if hostile.is_sent_in_parts else hostile.body,
            dict(headers),
            encode_chunked=hostile.is_sent_in_parts,
        )
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


# --- many ---------------------------------------------------------------------------------


def _mass(site: Site, _: Bounds) -> tuple[Mapping[str, object], list[str]]:
    """One address begins logins without end, each time under another name; others go on."""
    begun, held = 0, ""
    for number in range(site.logins * 2):
        status, page = _begin(site, "127.0.3.1", f"198.51.100.{number % 250}")
        if status == 429:
            held = page
            break
        begun += 1
    other, _ = _begin(site, "127.0.3.2", "")
    missed = []
    if not held:
        missed.append(f"{begun} logins were begun from one address, and none was held")
    elif begun > site.logins * 1.1 + 1:
        missed.append(f"{begun} logins were begun from one address, and {site.logins} may be")
    elif "Vent lidt" not in held:
        missed.append("who is held is not told so in Danish")
    if other != 303:
        missed.append(f"another address is answered {other}")
    return {"logins_from_one_address": begun, "limit": site.logins}, missed


def _begin(site: Site, source: str, pretended: str) -> tuple[int, str]:
    """A login is begun, by a browser that says that it comes from elsewhere."""
    citizen = _Pretending(site.front, source=source, seconds=_SECONDS)
    citizen.pretended = pretended
    citizen.get(f"/{SOLUTION}")
    status, page, _ = citizen.request("POST", f"/{SOLUTION}/start", citizen.hidden())
    return status, page


class _Pretending(Citizen):
    """A citizen whose browser says that it comes from another address."""

    pretended = ""

    def _headers(self, fields: dict[str, str] | None) -> dict[str, str]:
        told = {"X-Forwarded-For": self.pretended} if self.pretended else {}
        return super()._headers(fields) | told
