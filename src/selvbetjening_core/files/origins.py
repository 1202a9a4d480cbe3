"""Origins: what a browser tells one site from another by, such as ``https://mors.dk``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_NAME = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
_HTTPS = re.compile(rf"https://{_NAME}(:[0-9]{{1,5}})?", re.ASCII)
_LOOPBACK = re.compile(
    r"http://(([a-z0-9-]+\.)*localhost|127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})(:[0-9]{1,5})?",
    re.ASCII,
)
_USUAL_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """The origin of an address, as browsers write it; empty where it has none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if not host:
        return ""
    name = f"[{host}]" if ":" in host else host
    is_usual = port is None or port == _USUAL_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{name}" if is_usual else f"{parts.scheme}://{name}:{port}"


def is_safe_origin(text: str) -> bool:
    """Is it the origin of one host over https, or of this machine? No wildcard, no path.

    Nothing else can stand in a policy: no space, no semicolon, no quote; nor, in any browser,
    an address of IPv6.
    """
    return is_https_origin(text) or bool(_LOOPBACK.fullmatch(text))


def is_https_origin(text: str) -> bool:
    """As :func:`is_safe_origin`, over https alone."""
    return bool(_HTTPS.fullmatch(text)) and origin_of(text) == text
