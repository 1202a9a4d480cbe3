"""The provider's metadata: from its file, or newer, from where it is fetched every day."""

from __future__ import annotations

import datetime
import hashlib
import http.client
import logging
import threading
from urllib.parse import urlsplit

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import ComponentContext, Task
from selvbetjening_nemlogin.metadata import Provider, origins_of, read_provider
from selvbetjening_nemlogin.parsing import LARGEST
from selvbetjening_nemlogin.settings import WARN_BEFORE, provider_of

log = logging.getLogger(__name__)

TASK = Task(
    "metadata",
    datetime.timedelta(days=1),
    "Fetches the provider's metadata anew, and tells of certificates that soon end.",
)
_KEPT = "metadata"
_SECONDS = 10.0


class Metadata:
    """What is known of the provider. Safe to use from several threads and processes."""

    def __init__(self, context: ComponentContext) -> None:
        """:raises ValueError: the file cannot be read"""
        self._first = provider_of(context)
        self._store = context.store
        self._url = context.text("metadata_url")
        self._now = context.now
        self._lock = threading.Lock()
        self._read: tuple[bytes, Provider] | None = None

    def provider(self) -> Provider:
        """The newest there is; what some process has fetched counts in all."""
        raw = self._store.get(_KEPT) if self._url else None
        if raw is None:
            return self._first
        digest = hashlib.sha256(raw).digest()
        with self._lock:
            if self._read is None or self._read[0] != digest:
                self._read = (digest, read_provider(raw))
            return self._read[1]

    def refresh(self, task: Task) -> None:
        """Carry the task out. Repeatable.

        :raises Unavailable: nothing could be fetched that may take the place of the old
        """
        if task.name != TASK.name:
            return
        if self._url:
            raw = fetched(self._url)
            self._check(raw)
            self._store.put(_KEPT, raw)
        left = self.provider().ends_at - self._now()
        if left <= WARN_BEFORE:
            log.warning("the provider's last certificate ends in %d days", max(left.days, 0))

    def _check(self, raw: bytes) -> None:
        """New keys are taken over; another provider, or one elsewhere, is not."""
        try:
            new = read_provider(raw)
        except ValueError as error:
            raise Unavailable(f"what was fetched is no metadata: {error}") from None
        same = new.entity_id == self._first.entity_id
        if not same or origins_of(new) != origins_of(self._first):
            raise Unavailable("what was fetched is of another provider, or sends people elsewhere")
        if not new.certificates_at(self._now()):
            raise Unavailable("what was fetched has no certificate that counts")


def fetched(url: str) -> bytes:
    """What is at ``url``. Redirections are not followed.

    :raises Unavailable: nothing, or too much
    """
    parts = urlsplit(url)
    is_safe = parts.scheme == "https"
    kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("GET", f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")
        answer = connection.getresponse()
        raw = answer.read(LARGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(f"the metadata cannot be fetched: {type(error).__name__}") from None
    finally:
        connection.close()
    if answer.status != http.client.OK or len(raw) > LARGEST:
        raise Unavailable(f"the metadata cannot be fetched: status {answer.status}")
    return raw
