"""The whole application as one WSGI application, and two of them side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selvbetjening_core.embedding.plan import plan_of
from selvbetjening_core.embedding.receipts import ReceiptDesk, desk_in
from selvbetjening_core.embedding.wsgi import StartResponse, WsgiApp, inner_environ
from selvbetjening_core.errors import NotInstalled

if TYPE_CHECKING:
    import datetime

    from selvbetjening_core.application import Application
    from selvbetjening_core.composition.stack import Composition
    from selvbetjening_core.problems import Problems


class Mount:
    """An installation at work, as a WSGI application. Safe to share between threads.

    Where it is mounted it learns from each request: ``SCRIPT_NAME`` is part of the path
    that a municipality's prefix is looked for in, and all addresses begin with it.
    """

    def __init__(self, application: Application, app: WsgiApp) -> None:
        self._application = application
        self._app = app
        self._stop = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """WSGI."""
        inner = inner_environ(environ, environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""))
        return self._app(inner, start_response)

    def receipts(self, municipality: str) -> ReceiptDesk:
        """Receipts of one municipality for forms of the site's own.

        :raises KeyError: there is no such municipality here
        """
        return desk_in(self._application.composition, municipality)

    def start_worker(self) -> None:
        """Deliver in this process, in threads of ours. Repeatable.

        For a site of one process. Where there are several, run ``selvbetjening worker``
        beside them: threads do not survive a fork.
        """
        self._application.engine.start()
        for work in (self._application.run_reconciler, self._application.scheduler.run):
            threading.Thread(target=work, args=(self._stop,), daemon=True).start()

    def reload(self) -> Problems:
        """Read the installation anew while citizens are served; what is under way ends first.

        :returns: warnings
        :raises ConfigurationError: something is wrong; what was running goes on
        """
        return self._application.reload()

    def close(self) -> None:
        """End our threads, and close our database. For the end of the process."""
        self._stop.set()
        self._application.close()


def mount(
    installation: str | Path,
    *,
    worker: bool = False,
    hsts: bool = False,
    now: Callable[[], datetime.datetime] | None = None,
) -> Mount:
    """Put an installation together, ready to be mounted in a site.

    Our tables are brought up to date, in the database that the installation names.
    Call it once, when the site starts; no connection is left open, so that the site
    may fork afterwards.

    :param installation: the path of its ``selvbetjening.toml``
    :param worker: deliver in this process, too; see :meth:`Mount.start_worker`
    :param hsts: tell browsers over https to use nothing else for the whole host from now on
        (``Strict-Transport-Security``), your own pages included
    :param now: the clock, in UTC; another than the real one is for tests
    :raises ConfigurationError: something is wrong; its notes name every mistake
    :raises NotInstalled: the extra ``[all]`` is missing
    """
    try:
        from selvbetjening_core.application import assemble, utc_now  # noqa: PLC0415
        from selvbetjening_core.web.app import Site, make_app  # noqa: PLC0415
        from selvbetjening_core.web.limits.rates import Rates  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise NotInstalled("Mounting the application", "all") from error
    clock = now or utc_now
    application = assemble(plan_of(installation), clock)
    rates = Rates()

    def web(composition: Composition) -> WsgiApp:
        site = Site(
            composition,
            application.store,
            clock,
            application.engine,
            application.announce,
            application.attempts,
            rates,
            hsts=hsts,
        )
        made: WsgiApp = make_app(site)
        return made

    try:
        mounted = Mount(application, application.web(web))
        application.ready()
    finally:
        application.store.close()
    if worker:
        mounted.start_worker()
    return mounted


def beside(site: WsgiApp, mounts: Mapping[str, WsgiApp]) -> WsgiApp:
    """``site``, with other applications under paths of their own.

    :param mounts: applications by path (``/selvbetjening``); the longest one that fits
    """
    by_path = {
        path.rstrip("/").encode("utf-8").decode("latin-1"): app for path, app in mounts.items()
    }
    longest_first = sorted(by_path, key=len, reverse=True)

    def both(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for prefix in longest_first:
            if path == prefix or path.startswith(f"{prefix}/"):
                mount_path = environ.get("SCRIPT_NAME", "").rstrip("/") + prefix
                inner = {**environ, "SCRIPT_NAME": mount_path, "PATH_INFO": path[len(prefix) :]}
                return by_path[prefix](inner, start_response)
        return site(environ, start_response)

    return both
