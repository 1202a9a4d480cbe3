"""selvbetjening inside another site: Pyramid, Django, Flask, Plone, or plain WSGI.

* :func:`mount` gives the whole application as a WSGI application of its own, and
  :func:`beside` puts it under a path of another; a Pyramid site includes this
  package instead (``config.include("selvbetjening_core.embedding")``);
* :func:`read_step` and :func:`step_from_schema` give one step, and
  :class:`Fragment` shows it in a page of the site's own;
* :func:`receipts` issues receipts for a form that is the site's own, and checks them.

Nothing global of the site is touched: no logging, no warnings, no signals, no
environment variables, no locale. What is made here is told from what another call
makes: two installations in one process share nothing.
"""

from __future__ import annotations

from typing import Any

from selvbetjening_core.embedding.fragment import ASSETS, Fragment, read_step
from selvbetjening_core.embedding.mounting import Mount, beside, mount
from selvbetjening_core.embedding.receipts import Issued, OwnCase, ReceiptDesk, receipts
from selvbetjening_core.embedding.schema import SchemaStep, step_from_schema
from selvbetjening_core.embedding.wsgi import Answer, ask

__all__ = [
    "ASSETS",
    "Answer",
    "Fragment",
    "Issued",
    "Mount",
    "OwnCase",
    "ReceiptDesk",
    "SchemaStep",
    "ask",
    "beside",
    "includeme",
    "mount",
    "read_step",
    "receipts",
    "step_from_schema",
]


def includeme(config: Any) -> None:
    """For Pyramid: ``config.include("selvbetjening_core.embedding", route_prefix="…")``.

    Mounts the installation that the setting ``selvbetjening.installation`` names under
    the route prefix. Without a prefix it adds ``config.mount_selvbetjening(installation,
    prefix)`` alone, for a site with several.

    :raises ConfigurationError: a prefix, but no setting; or the installation is wrong
    """
    from selvbetjening_core.embedding.pyramid_site import include  # noqa: PLC0415 - Pyramid alone

    include(config)
