"""``selvbetjening serve`` and ``selvbetjening worker``."""

from __future__ import annotations

import ipaddress
import logging
import os
import signal
import threading
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from selvbetjening_core.cli.commands import config_option, fail, needs_extra, plan_or_exit
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.collecting import collected_later
from selvbetjening_core.composition.installation import EMBEDDED
from selvbetjening_core.errors import ConfigurationError, SelvbetjeningError
from selvbetjening_core.logs import mask_streams

if TYPE_CHECKING:
    from selvbetjening_core.application import Application
    from selvbetjening_core.composition.installation import Installation
    from selvbetjening_core.composition.stack import Composition

T = TypeVar("T")

_PLAIN = (
    "PLAIN HTTP: for trying it out on this machine, not for citizens."
    " They need https: put a proxy in front that speaks it, and serve with --https."
)
_NO_PROXY = (
    "No [web] trusted_proxy is named: where requests come from is not known, and how often"
    " things are done from one address is not held."
)
_END_SECONDS = 15
"""How much longer than an attempt the end of a process may take. In the documentation, too."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Port to listen on.",
)
@click.option(
    "--worker/--no-worker",
    default=None,
    help="Deliver in this process, too. Left out: only with the embedded engine.",
)
@click.option(
    "--https",
    is_flag=True,
    help="Citizens reach the site over https, through a proxy that keeps the Host header.",
)
@config_option
def serve(host: str, port: int, config: str | None, *, worker: bool | None, https: bool) -> None:
    """Serve citizens until stopped; with the embedded engine, deliver in the same process.

    SIGHUP reads the installation anew while citizens are served. If it is wrong,
    that is told and nothing changes. Without --https, it listens on this machine alone.
    """
    _set_up_messages()
    is_plain = not https
    if is_plain:
        _need_loopback(host)
    with collected_later():
        application, server = _ready_to_serve(host, port, config, "https" if https else "http")
    stop = threading.Event()
    application.ready()
    is_embedded = application.composition.plan.installation.engine == EMBEDDED
    if worker or (worker is None and is_embedded):
        _start_work(application, stop)
    signal.signal(signal.SIGTERM, _interrupt)
    reload_on_signal(application)
    click.echo(f"serving on http://{host}:{port}")
    if is_plain:
        click.echo(_PLAIN, err=True)
    elif not application.composition.plan.installation.trusted_proxy:
        click.echo(_NO_PROXY, err=True)
    try:
        server.run()
    finally:
        stop.set()
        _close(application)


def _ready_to_serve(
    host: str, port: int, config: str | None, scheme: str
) -> tuple[Application, Any]:
    """The application, and a server that listens for it; ends the program if there is none."""
    try:
        # Only serving needs it; the other commands do without the extra.
        from selvbetjening_core.web.app import Site, make_app  # noqa: PLC0415
        from selvbetjening_core.web.limits.rates import Rates  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Serving citizens", "web", error)
    application = assemble_or_exit(config)
    rates = Rates()

    def web(composition: Composition) -> Any:
        return make_app(
            Site(
                composition,
                application.store,
                application.now,
                application.engine,
                application.announce,
                application.attempts,
                rates,
            )
        )

    server = _listening(
        _or_exit(lambda: application.web(web)),
        host,
        port,
        scheme,
        application.composition.plan.installation,
    )
    return application, server


def _need_loopback(host: str) -> None:
    """Over plain http, anybody on the way could read a login and take it over."""
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        fail(
            f'Plain http on "{host}" could be read by others than this machine. Listen on'
            " 127.0.0.1; or, where a proxy in front speaks https, say so: --https"
        )


def _listening(app: Any, host: str, port: int, scheme: str, installation: Installation) -> Any:
    """A server that listens; ends the program with a hint if it cannot."""
    try:
        import waitress  # noqa: PLC0415 - as in serve

        from selvbetjening_core.web.limits.forwarded import behind_proxies  # noqa: PLC0415
        from selvbetjening_core.web.limits.server import (  # noqa: PLC0415
            answer_with_pages,
            server_limits,
        )
    except ModuleNotFoundError as error:
        needs_extra("Serving citizens", "web", error)
    try:
        server = waitress.create_server(
            behind_proxies(app, installation.trusted_proxy),
            host=host,
            port=port,
            threads=installation.threads,
            ident="",
            url_scheme=scheme,
            **server_limits(installation.limits),
        )
    except OSError as error:
        fail(f"Port {port} on {host} cannot be used: {error.strerror}. Choose another: --port")
    except ValueError:
        fail(f'This machine has no address "{host}". Choose another: --host')
    answer_with_pages(server)
    return server


@click.command()
@click.option(
    "--metrics-port",
    type=click.IntRange(1, 65535),
    help="Tell Prometheus here how attempts ended, on this machine alone (127.0.0.1).",
)
@config_option
def worker(config: str | None, *, metrics_port: int | None) -> None:
    """Deliver until stopped; serve nobody. SIGHUP reads the installation anew.

    Stopped by SIGTERM, it begins nothing more and lets the attempts under way end.
    """
    _set_up_messages()
    application = assemble_or_exit(config)
    if metrics_port is not None:
        _tell_attempts(application, metrics_port)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    application.ready()
    _start_work(application, stop)
    reload_on_signal(application)
    click.echo("delivering")
    stop.wait()
    _close(application)


def _tell_attempts(application: Application, port: int) -> None:
    try:
        from selvbetjening_core.web.attempts import serve_attempts  # noqa: PLC0415 - as in serve
    except ModuleNotFoundError as error:
        needs_extra("Telling figures", "web", error)
    try:
        serve_attempts(application.attempts, port)
    except OSError as error:
        fail(f"Port {port} cannot be used: {error.strerror}. Choose another: --metrics-port")


def _start_work(application: Application, stop: threading.Event) -> None:
    """Everything that goes on beside serving. Several processes may do it at once."""
    application.engine.start()
    for work in (application.run_reconciler, application.scheduler.run):
        threading.Thread(target=work, args=(stop,), daemon=True).start()


def _close(application: Application) -> None:
    """End in order; whatever hangs then is cut off, which the ledger bears."""
    attempt = application.composition.plan.installation.attempt_seconds
    cut_off = threading.Timer(attempt + _END_SECONDS, os._exit, args=(1,))
    cut_off.daemon = True
    cut_off.start()
    application.close()
    cut_off.cancel()


def assemble_or_exit(config: str | None) -> Application:
    """The application; on errors print them all and end the program."""
    try:
        # Only what keeps submissions needs the extra.
        from selvbetjening_core.application import assemble  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    plan = plan_or_exit(config)
    return _or_exit(lambda: assemble(plan))


def _or_exit(do: Callable[[], T]) -> T:
    try:
        return do()
    except ConfigurationError as error:
        print_problems(error.problems)
        raise SystemExit(1) from None
    except SelvbetjeningError as error:
        fail(str(error))


def reload_on_signal(application: Application) -> None:
    """At SIGHUP, read the installation anew; where the machine has no such signal, never."""
    if not hasattr(signal, "SIGHUP"):
        return
    asked = threading.Event()
    signal.signal(signal.SIGHUP, lambda *_: asked.set())

    def wait() -> None:
        while asked.wait():
            asked.clear()
            reload(application)

    threading.Thread(target=wait, name="reload", daemon=True).start()


def reload(application: Application) -> None:
    """Go over to the installation as it is written now, or say why not and go on as before."""
    try:
        problems = application.reload()
    except ConfigurationError as error:
        print_problems(error.problems, err=True)
        click.echo("not reloaded: what was running goes on", err=True)
    except Exception as error:  # noqa: BLE001 - whatever it is, citizens are still served
        click.echo(f"not reloaded: {type(error).__name__}; what was running goes on", err=True)
    else:
        if len(problems):
            print_problems(problems, err=True)
        click.echo("reloaded")


def _set_up_messages() -> None:
    mask_streams(out=True)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # What goes wrong with jobs is told in our own words, a line each.
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    # Pyramid and Deform still use it; there is nothing an operator can do about it.
    warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)


def _interrupt(*_: object) -> None:
    raise SystemExit(0)
