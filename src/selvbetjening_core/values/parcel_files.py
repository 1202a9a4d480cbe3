"""A parcel as files: what a destination that takes files is given.

Every shipped destination of that kind writes the same ones, so that a receiver
reads a folder on a disk and an archive over SFTP alike.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from selvbetjening_core.values.attachment import Attachment, read_attachment
from selvbetjening_core.values.case_json import case_to_json
from selvbetjening_core.values.delivery import Parcel

CASE_FILE = "case.json"
"""The file that names all others, and holds the case."""

FORMAT = 1
"""The number of this format, in ``case.json``. It grows when something is added."""

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
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


def is_safe_name(name: str) -> bool:
    """Can ``name`` be a file's on any system, as it stands?"""
    return _SAFE_NAME.fullmatch(name) is not None


def unusable_names(parcel: Parcel) -> tuple[str, ...]:
    """Why the parcel cannot be written as files, for a person to read; empty if it can."""
    names = [CASE_FILE, *(document.name for document in parcel.documents)]
    names += attachment_files(parcel)
    reasons = [
        f"the name cannot be used for a file: {name!r}" for name in names if not is_safe_name(name)
    ]
    if len({name.lower() for name in names}) < len(names):
        reasons.append("two files would have the same name")
    return tuple(reasons)


def parcel_files(parcel: Parcel) -> dict[str, Iterable[bytes]]:
    """The files of a parcel, by name, each in pieces. Personal data throughout.

    They are the same at every attempt. Reading an attachment raises ``OSError``
    where it cannot be read, or is not the file that was sent.
    """
    attached = attachment_files(parcel)
    data = {
        "format": FORMAT,
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


def attachment_files(parcel: Parcel) -> dict[str, Attachment]:
    """The attachments by the names of their files: ``attachment-1.pdf``."""
    return {
        f"attachment-{number}{_ENDINGS.get(one.media_type, '.bin')}": one
        for number, one in enumerate(parcel.attachments, 1)
    }


def key_in(case_file: bytes) -> str:
    """The key of the parcel that a ``case.json`` was written for; empty if unreadable."""
    try:
        data = json.loads(case_file)
    except ValueError:
        return ""
    key = data.get("key") if isinstance(data, dict) else None
    return key if isinstance(key, str) else ""


def _described(file: str, attachment: Attachment) -> dict[str, Any]:
    return {
        "file": file,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }
