"""Inside a Pyramid site: a route that hands everything below it to a mount."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from selvbetjening_core.embedding.mounting import Mount, mount
from selvbetjening_core.embedding.wsgi import inner_environ

SETTING = "selvbetjening.installation"
_WORKER = "selvbetjening.worker"
_HSTS = "selvbetjening.hsts"
_YES = frozenset({"true", "yes", "on", "1"})


def include(config: Configurator) -> None:
    """Add the directive; mount the installation of the settings under the route prefix."""
    config.add_directive("mount_selvbetjening", mount_selvbetjening)
    settings = config.registry.settings
    installation = settings.get(SETTING, "")
    if installation:
        config.mount_selvbetjening(
            installation, worker=_is_set(settings, _WORKER), hsts=_is_set(settings, _HSTS)
        )
    elif config.route_prefix:
        raise ConfigurationError(f"write in the site's settings: {SETTING} = …/selvbetjening.toml")


def mount_selvbetjening(
    config: Configurator,
    installation: str,
    prefix: str = "",
    *,
    worker: bool = False,
    hsts: bool = False,
) -> Mount:
    """Mount an installation under ``prefix``, below the route prefix if there is one.

    ``worker`` and ``hsts`` are those of :func:`~selvbetjening_core.embedding.mount`.

    The site's security policy, sessions and CSRF checks stay outside: what is below is
    judged by ours alone.
    """
    mounted = mount(installation, worker=worker, hsts=hsts)
    below = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
    name = "/".join(("selvbetjening", config.route_prefix or "", prefix.strip("/")))
    config.add_route(name, f"{below}{{selvbetjening_path:.*}}")
    config.add_route(f"{name}.", below.rstrip("/"), inherit_slash=not below)
    for route in (name, f"{name}."):
        config.add_view(
            _view_of(mounted),
            route_name=route,
            permission=NO_PERMISSION_REQUIRED,
            require_csrf=False,
        )
    return mounted


def _is_set(settings: Mapping[str, object], name: str) -> bool:
    return str(settings.get(name, "")).lower() in _YES


def _view_of(mounted: Mount) -> Callable[[Request], Response]:
    def selvbetjening(request: Request) -> Response:
        rest = request.matchdict.get("selvbetjening_path", "").encode("utf-8").decode("latin-1")
        path = request.environ["PATH_INFO"]
        outer = path[: len(path) - len(rest)].rstrip("/")
        environ = inner_environ(
            request.environ, request.environ["SCRIPT_NAME"].rstrip("/") + outer, f"/{rest}"
        )
        if request.is_body_seekable:
            # The site has read it already.
            environ["wsgi.input"].seek(0)
        status, headers, chunks = Request(environ).call_application(mounted)
        return Response(status=status, headerlist=headers, app_iter=chunks)

    return selvbetjening
