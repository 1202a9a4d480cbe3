"""What is written for a parcel."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from selvbetjening_core.values import Attachment, Parcel, read_attachment
from selvbetjening_core.values.case_json import case_to_json

CASE_FILE = "case.json"
_FORMAT = 1
# What the citizen's device called a file never becomes a file name here.
_ENDINGS = {
    "application/pdf": ".pdf",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "text/plain": ".txt",
}


def contents_of(parcel: Parcel) -> dict[str, Iterable[bytes]]:
    """The files of a parcel, by name, each in pieces. Personal data throughout.

    They are the same at every attempt. Reading an attachment raises ``OSError``
    where it cannot be read, or is not the file that was sent.
    """
    attached = attachments_of(parcel)
    data = {
        "format": _FORMAT,
        "key": parcel.key,
        "destination": parcel.destination,
        "documents": [
            {
                "name": document.name,
                "media_type": document.media_type,
                "sha256": hashlib.sha256(document.content).hexdigest(),
            }
            for document in parcel.documents
        ],
        "attachments": [_described(file, one) for file, one in attached.items()],
        "case": case_to_json(parcel.case),
    }
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return {
        # A lone surrogate is no character and has no bytes of its own in UTF-8.
        CASE_FILE: [text.encode("utf-8", "replace")],
        **{document.name: [document.content] for document in parcel.documents},
        **{file: read_attachment(one) for file, one in attached.items()},
    }


def attachments_of(parcel: Parcel) -> dict[str, Attachment]:
    """The attachments by the names of their files: ``attachment-1.pdf``."""
    return {
        f"attachment-{number}{_ENDINGS.get(one.media_type, '.bin')}": one
        for number, one in enumerate(parcel.attachments, 1)
    }


def _described(file: str, attachment: Attachment) -> dict[str, Any]:
    return {
        "file": file,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }


def key_of(case_file: bytes) -> str:
    """The key of the parcel that a ``case.json`` was written for; empty if unreadable."""
    try:
        data = json.loads(case_file)
    except ValueError:
        return ""
    key = data.get("key") if isinstance(data, dict) else None
    return key if isinstance(key, str) else ""


def evidence_of(fingerprints: Mapping[str, str]) -> str:
    """The names of the files and their fingerprints; no personal data."""
    return "\n".join(f"{name} sha256:{sha256}" for name, sha256 in sorted(fingerprints.items()))
