"""``selvbetjening serve`` and ``selvbetjening worker``."""

from __future__ import annotations

import logging
import signal
import threading
import warnings
from typing import TYPE_CHECKING, Any

import click

from selvbetjening_core.cli.commands import config_option, fail, needs_extra, plan_or_exit
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.errors import ConfigurationError, SelvbetjeningError

if TYPE_CHECKING:
    from selvbetjening_core.application import Application

BODY_LIMIT = 1_000_000


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Port to listen on.",
)
@click.option("--worker/--no-worker", default=True, help="Deliver in this process, too.")
@click.option(
    "--https",
    is_flag=True,
    help="Citizens reach the site over https, through a proxy that keeps the Host header.",
)
@config_option
def serve(host: str, port: int, config: str | None, *, worker: bool, https: bool) -> None:
    """Serve citizens until stopped; deliver in the same process."""
    _set_up_messages()
    try:
        # Only serving needs it; the other commands do without the extra.
        from selvbetjening_core.web.app import Site, make_app  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Serving citizens", "web", error)
    application = assemble_or_exit(config)
    site = Site(application.composition, application.store, application.now, application.engine)
    server = _listening(make_app(site), host, port, "https" if https else "http")
    stop = threading.Event()
    if worker:
        application.engine.start()
        threading.Thread(target=application.run_reconciler, args=(stop,), daemon=True).start()
    signal.signal(signal.SIGTERM, _interrupt)
    click.echo(f"serving on http://{host}:{port}")
    try:
        server.run()
    finally:
        stop.set()
        application.close()


def _listening(app: Any, host: str, port: int, scheme: str) -> Any:
    """A server that listens; ends the program with a hint if it cannot."""
    try:
        import waitress  # noqa: PLC0415 - as in serve
    except ModuleNotFoundError as error:
        needs_extra("Serving citizens", "web", error)
    try:
        return waitress.create_server(
            app,
            host=host,
            port=port,
            threads=8,
            max_request_body_size=BODY_LIMIT,
            ident="",
            url_scheme=scheme,
        )
    except OSError as error:
        fail(f"Port {port} on {host} cannot be used: {error.strerror}. Choose another: --port")
    except ValueError:
        fail(f'This machine has no address "{host}". Choose another: --host')


@click.command()
@config_option
def worker(config: str | None) -> None:
    """Deliver until stopped; serve nobody."""
    _set_up_messages()
    application = assemble_or_exit(config)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=application.run_reconciler, args=(stop,), daemon=True).start()
    click.echo("delivering")
    application.engine.run(stop)
    application.close()


def assemble_or_exit(config: str | None) -> Application:
    """The application; on errors print them all and end the program."""
    try:
        # Only what keeps submissions needs the extra.
        from selvbetjening_core.application import assemble  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    try:
        return assemble(plan_or_exit(config))
    except ConfigurationError as error:
        print_problems(error.problems)
        raise SystemExit(1) from None
    except SelvbetjeningError as error:
        fail(str(error))


def _set_up_messages() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Pyramid and Deform still use it; there is nothing an operator can do about it.
    warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)


def _interrupt(*_: object) -> None:
    raise SystemExit(0)
