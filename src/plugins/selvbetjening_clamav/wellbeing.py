"""Whether clamd is there, knows recent viruses, and tells of what it cannot look into."""

from __future__ import annotations

import datetime
import functools
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from selvbetjening_clamav import clamd
from selvbetjening_clamav.answers import signatures_from, verdict_of
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import Health, ScanResult

# In parts, so that no scanner takes this module for a virus.
_TEST_VIRUS = b"".join(
    (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*")
)
_ENCRYPTED = 0x1
_FLAGS_AT = {b"PK\x03\x04": 6, b"PK\x01\x02": 8}
_VERSION = re.compile(r"ClamAV [ -~]{1,100}")
_QUICK = 2.0
_DEEPER_THAN_ANY_LIMIT = 40


def found_by_asking(
    engine: clamd.Clamd, oldest_days: int, today: datetime.date
) -> Iterator[Health]:
    """What a few questions tell. No effect, and nothing personal is sent.

    :param oldest_days: signatures older than that are not well
    """
    engine = replace(engine, seconds=min(engine.seconds, _QUICK))
    try:
        version = clamd.version(engine)
    except Unavailable as error:
        yield Health("clamd", is_ok=False, text=str(error))
        return
    is_clamd = _VERSION.fullmatch(version) is not None
    yield Health("clamd", is_clamd, version if is_clamd else "what answers is not clamd")
    if is_clamd:
        yield _age(version, oldest_days, today)
        yield _told_of(engine, "test virus", _TEST_VIRUS, "it does not know the test virus EICAR")
        yield _told_of(
            engine,
            "encrypted files",
            _encrypted_archive(),
            "they pass as clean: set AlertEncrypted yes in clamd.conf",
        )
        yield _told_of(
            engine,
            "limits",
            _deep_archive(),
            "what is beyond clamd's limits passes as clean: set AlertExceedsMax yes in clamd.conf",
        )


def _age(version: str, oldest_days: int, today: datetime.date) -> Health:
    made = signatures_from(version)
    if made is None:
        return Health("signatures", is_ok=False, text="clamd does not say how old they are")
    days = (today - made).days
    text = f"from {made.isoformat()}, {days} days old"
    if days > oldest_days:
        return Health("signatures", is_ok=False, text=f"{text}: is freshclam running?")
    return Health("signatures", is_ok=True, text=text)


def _told_of(engine: clamd.Clamd, name: str, content: bytes, otherwise: str) -> Health:
    try:
        result = verdict_of(clamd.stream(engine, [content])).result
    except Unavailable as error:
        return Health(name, is_ok=False, text=str(error))
    is_ok = result is not ScanResult.CLEAN
    return Health(name, is_ok, "" if is_ok else otherwise)


@functools.cache
def _encrypted_archive() -> bytes:
    made = bytearray(_archive(b"\x17" * 100))
    for mark, offset in _FLAGS_AT.items():
        made[made.index(mark) + offset] |= _ENCRYPTED
    return bytes(made)


@functools.cache
def _deep_archive() -> bytes:
    made = b"nothing"
    for _ in range(_DEEPER_THAN_ANY_LIMIT):
        made = _archive(made)
    return made


def _archive(content: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        made.writestr("inner", content)
    return whole.getvalue()
