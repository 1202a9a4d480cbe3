"""What an e-mail address and a web address look like."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def is_email(text: str) -> bool:
    """Something, an @, and something; whether it exists only a mail can tell."""
    return bool(_EMAIL.fullmatch(text))


def is_url(text: str) -> bool:
    """An address with scheme and host, and a port that can be one."""
    try:
        parts = urlsplit(text)
        # Reading the port raises where it is no number or too great.
        return bool(parts.scheme and parts.hostname and parts.port != 0) and " " not in text
    except ValueError:
        return False


def is_web_url(text: str) -> bool:
    """An address a browser can follow."""
    return is_url(text) and urlsplit(text).scheme in ("http", "https")


def has_password(text: str) -> bool:
    """Is there a password in the address?"""
    try:
        return bool(urlsplit(text).password)
    except ValueError:
        return False
