"""Secrets that everybody knows: those of examples, of documentation, of first set-ups."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlsplit

from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import Setting

_MARKS = re.compile(r"[\W_]+")
# Read without case, blanks, marks and digits at the end: "Change-Me!" and "changeme123".
_WORDS = """
    abc abcd abcdef admin administrator adgangskode apikey asdf changeit changeme changethis
    default demo dummy eksempel example foobar geheim guest hemmelig hemmelighed hunter
    insecure key kode kodeord letmein master mysecret none notsecret null pass passw passwd
    password passwort placeholder postgres public qwerty replaceme root sample sandbox secret
    secretkey selvbetjening sesame skiftmig supersecret temp test tester testing todo token
    topsecret user verysecret welcome xxx yourpassword yoursecret yourtoken
"""
_KNOWN = frozenset(_WORDS.split())
_FEWEST_DIFFERENT = 3
_ADVICE = (
    "make a new one that nobody has seen, for example with"
    " python -c 'import secrets; print(secrets.token_urlsafe(32))', and put it in the"
    " place of the old one, there and at the other end"
)


def is_default(secret: str) -> bool:
    """Is it one of those that whoever looks for a way in tries first?

    A word of examples, digits alone in a row, or a sign repeated; how long it is, is
    not judged: that is for the other end to say.
    """
    plain = _MARKS.sub("", secret).lower()
    word = plain.rstrip("0123456789") or plain
    if word in _KNOWN or len(set(plain)) < _FEWEST_DIFFERENT:
        return True
    return plain.isdigit() and (plain in "01234567890123456789" or plain in "9876543210")


def password_in(address: str) -> str:
    """The password in an address, as it is sent; empty where there is none."""
    try:
        return unquote(urlsplit(address).password or "")
    except ValueError:
        return ""


def report_default(place: Place, what: str, problems: Problems) -> None:
    """Report a secret that everybody knows; the message never holds it.

    :param what: whose secret it is, in words
    """
    problems.error("default-secret", place, f"{what} is one that everybody knows", _ADVICE)


def report_defaults(
    values: Mapping[str, object],
    declared: Sequence[Setting],
    place: Place,
    whose: str,
    problems: Problems,
) -> bool:
    """Report every such setting of a component or plugin.

    :param values: with references followed
    :returns: was there any?
    """
    found = [one.name for one in declared if _is_default_setting(one, values.get(one.name))]
    for name in found:
        report_default(place, f'"{name}" of {whose}', problems)
    return bool(found)


def _is_default_setting(setting: Setting, value: object) -> bool:
    if not isinstance(value, str) or not value:
        return False
    if setting.kind == "url":
        password = password_in(value)
        return bool(password) and is_default(password)
    return setting.kind == "secret" and is_default(value)
