"""What is written for a parcel."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from selvbetjening_core.values import Parcel
from selvbetjening_core.values.case_json import case_to_json

CASE_FILE = "case.json"
_FORMAT = 1


def contents_of(parcel: Parcel) -> dict[str, bytes]:
    """The files of a parcel, by name. Personal data throughout.

    They are the same at every attempt.
    """
    data = {
        "format": _FORMAT,
        "key": parcel.key,
        "destination": parcel.destination,
        "documents": [
            {
                "name": document.name,
                "media_type": document.media_type,
                "sha256": sha256(document.content),
            }
            for document in parcel.documents
        ],
        "case": case_to_json(parcel.case),
    }
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    files = {document.name: document.content for document in parcel.documents}
    # A lone surrogate is no character and has no bytes of its own in UTF-8.
    return {CASE_FILE: text.encode("utf-8", "replace"), **files}


def key_of(files: Mapping[str, bytes]) -> str:
    """The key of the parcel that ``files`` were written for; empty if unreadable."""
    try:
        data = json.loads(files.get(CASE_FILE, b""))
    except ValueError:
        return ""
    key = data.get("key") if isinstance(data, dict) else None
    return key if isinstance(key, str) else ""


def evidence_of(files: Mapping[str, bytes]) -> str:
    """The names and fingerprints of ``files``; no personal data."""
    return "\n".join(f"{name} sha256:{sha256(data)}" for name, data in sorted(files.items()))


def sha256(data: bytes) -> str:
    """The SHA-256 of ``data``, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
