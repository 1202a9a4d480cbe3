"""Secrets are references: ``env:NAME`` or ``file:PATH``, never plain text."""

from __future__ import annotations

import os
import re
from pathlib import Path

_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+")


def is_reference(text: str) -> bool:
    """Is it a reference to something kept elsewhere?"""
    return bool(_REFERENCE.fullmatch(text))


def read_reference(reference: str, folder: Path) -> str:
    """What the reference points to, without a newline at the end.

    :param folder: what a relative path starts from
    :raises LookupError: it points to nothing, or to something empty; the
        message says which variable or file, never what it holds
    """
    scheme, _, name = reference.partition(":")
    if scheme == "env":
        if not os.environ.get(name):
            raise LookupError(f"the environment variable {name} is not set, or empty")
        return os.environ[name]
    try:
        text = (folder / name).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise LookupError(f"the file {name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise LookupError(f"the file {name} is not text in UTF-8") from None
    if not text:
        raise LookupError(f"the file {name} is empty")
    return text
