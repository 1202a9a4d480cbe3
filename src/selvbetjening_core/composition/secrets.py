"""Secrets are references: ``env:NAME``, ``file:PATH`` or ``scheme:name``, never plain text.

The core reads ``env`` and ``file``; plugins of a set may read further schemes
(:class:`ISecrets`). Those are handed in as ``schemes``, by their word.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.interfaces import ISecrets

CORE_SCHEMES = ("env", "file")
SCHEME = re.compile(r"[a-z][a-z0-9_+-]*", re.ASCII)

_NONE: Mapping[str, ISecrets] = {}
_CORE_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*")
_SHAPE = re.compile(rf"({SCHEME.pattern}):(?!//)\S.*", re.ASCII)


class SecretMissing(LookupError):
    """A reference that leads to nothing. Neither text nor ``advice`` holds a secret."""

    def __init__(self, text: str, advice: str) -> None:
        super().__init__(text)
        self.advice = advice


def is_reference(text: str, schemes: Iterable[str] = ()) -> bool:
    """Is it a reference to something kept elsewhere?

    :param schemes: those that plugins read, beside the core's own
    """
    if _CORE_REFERENCE.fullmatch(text):
        return True
    shape = _SHAPE.fullmatch(text)
    return shape is not None and shape[1] not in CORE_SCHEMES and shape[1] in schemes


def scheme_of(text: str) -> tuple[str, ...]:
    """The scheme of what looks like a reference that a plugin reads, or nothing."""
    shape = _SHAPE.fullmatch(text)
    return (shape[1],) if shape and shape[1] not in CORE_SCHEMES else ()


def unknown_scheme(text: str, schemes: Iterable[str] = ()) -> str:
    """What to say of a text that looks like a reference nobody here can read; or nothing.

    It may be the secret itself, which happens to hold a colon: nothing of it is told.
    """
    known = (*CORE_SCHEMES, *schemes)
    shape = _SHAPE.fullmatch(text)
    if shape is None or shape[1] in known:
        return ""
    return f"begins with a scheme that nothing here reads{closest(shape[1], known)}"


def known_schemes(schemes: Iterable[str]) -> str:
    """The schemes as words: ``env:, file:, vault:``."""
    return listed(f"{one}:" for one in (*CORE_SCHEMES, *schemes))


def read_reference(reference: str, folder: Path, schemes: Mapping[str, ISecrets] = _NONE) -> str:
    """What the reference points to, without a newline at the end.

    :param folder: what a relative path starts from
    :param schemes: who reads the schemes that are not the core's own
    :raises SecretMissing: it points to nothing, or to something empty; the
        message says which variable, file or name, never what it holds
    """
    scheme, _, name = reference.partition(":")
    if scheme == "env":
        if not os.environ.get(name):
            told = f"the environment variable {name} is not set, or empty"
            raise SecretMissing(told, f"set the environment variable {name}")
        return os.environ[name]
    if scheme == "file":
        return _from_file(name, folder)
    return _from_plugin(scheme, name, schemes)


def _from_file(name: str, folder: Path) -> str:
    advice = f"write the file {name}, so that the account that runs selvbetjening can read it"
    try:
        text = (folder / name).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        told = f"the file {name} cannot be read: {error.strerror}"
        raise SecretMissing(told, advice) from None
    except UnicodeDecodeError:
        raise SecretMissing(f"the file {name} is not text in UTF-8", advice) from None
    if not text:
        raise SecretMissing(f"the file {name} is empty", advice)
    return text


def _from_plugin(scheme: str, name: str, schemes: Mapping[str, ISecrets]) -> str:
    advice = f"put it where {scheme}:{name} says it is"
    keeper = schemes.get(scheme)
    if keeper is None:
        told = f"nothing here reads {scheme}: (known are {known_schemes(schemes)})"
        raise SecretMissing(told, advice)
    try:
        found: object = keeper.read(name)
    except LookupError as error:
        # A KeyError shows its argument quoted, other look-ups a sentence.
        told = f"{scheme}:{name}: {' '.join(str(error).split())}"
        raise SecretMissing(told, advice) from None
    except Exception as error:  # noqa: BLE001 - what else a foreign keeper says may be the secret
        told = f"{scheme}:{name} cannot be read ({type(error).__name__} in its plugin)"
        raise SecretMissing(told, advice) from None
    if not isinstance(found, str) or not found:
        raise SecretMissing(f"{scheme}:{name} is empty, or no text", advice)
    return found
