"""Who may see the figures: whoever sends the token that the installation names."""

from __future__ import annotations

import hmac

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request

from selvbetjening_core.composition.default_secrets import is_default, report_default
from selvbetjening_core.composition.installation import Installation
from selvbetjening_core.composition.secrets import read_reference
from selvbetjening_core.errors import ConfigurationError, NotAllowed
from selvbetjening_core.problems import Problems

_LEAST = 16


def includeme(config: Configurator) -> None:
    """Read the token, once.

    :raises ConfigurationError: it is not where it should be kept, or too short
    """
    installation = config.registry.site.composition.plan.installation
    config.registry.watchers_token = _token(installation)


def need_watcher(request: Request) -> None:
    """Let nobody else go on.

    :raises HTTPNotFound: no token is configured, so there is nothing to see
    :raises NotAllowed: another one was sent, or none
    """
    token: str = request.registry.watchers_token
    if not token:
        raise HTTPNotFound
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
    if scheme.lower() != "bearer" or not same:
        raise NotAllowed("forbidden")


def _token(installation: Installation) -> str:
    if not installation.metrics_token:
        return ""
    try:
        token = read_reference(installation.metrics_token, installation.folder).strip()
    except (LookupError, ValueError, OSError) as error:
        raise _refused(installation, f"cannot be read: {error}") from None
    if len(token) < _LEAST:
        raise _refused(installation, f"is shorter than {_LEAST} characters, and could be guessed")
    if is_default(token) and not installation.is_demo:
        problems = Problems()
        report_default(installation.place, "the token that [web] metrics_token names", problems)
        raise ConfigurationError(problems)
    return token


def _refused(installation: Installation, why: str) -> ConfigurationError:
    problems = Problems()
    problems.error(
        "secret-missing",
        installation.place,
        f"the token that [web] metrics_token names {why}",
        "put a long random word where it is to be kept, or take the line out",
    )
    return ConfigurationError(problems)
