"""``[framing]`` of a municipality: which sites may show its login-free pages in a frame."""

from __future__ import annotations

from selvbetjening_core.files import Table
from selvbetjening_core.files.origins import is_https_origin, is_safe_origin

_DEMO = "demo"


def read_framing(root: Table, mode: str) -> tuple[str, ...]:
    """The origins under ``ancestors``; none where the table is left out. A bad one is reported.

    In a demo, and nowhere else, a site on this machine may be reached over http.
    """
    table = root.table("framing")
    if table is None:
        return ()
    origins = table.text_list("ancestors")
    for origin in origins:
        if not (is_https_origin(origin) or (mode == _DEMO and is_safe_origin(origin))):
            table.error(
                "bad-origin",
                f'"{origin}" is not an origin that may show pages in a frame',
                'write each site by itself, such as "https://www.mors.dk": with https://, in lower'
                " case, without a path, a / at the end and *",
                "ancestors",
                table.position("ancestors", origin),
            )
    table.finish()
    return origins
