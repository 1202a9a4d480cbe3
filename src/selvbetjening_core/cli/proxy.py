"""``selvbetjening proxy-config``: the configuration of the proxy in front of ``serve``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import jinja2

from selvbetjening_core.cli.commands import config_option, fail, plan_or_exit
from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.texts import Notice, Texts, texts_for

_TEMPLATE = Path(__file__).with_name("nginx.conf.in")
# What could end a line, a block or a text of the configuration is in none of them.
_WORD = re.compile(r"[A-Za-z0-9_./:\[\]-]+(?: ssl)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ProxyPage:
    """A page that the proxy answers by itself, in Danish and in English."""

    name: str
    status: int
    heading: str
    told: str
    heading_en: str
    told_en: str
    retry_seconds: int = 0


_Say = Callable[[Texts], Notice]
_PAGES: Sequence[tuple[str, int, _Say, int]] = (
    ("too_large", 413, lambda texts: texts.notice("too_large"), 0),
    ("headers_too_large", 431, lambda texts: texts.notice("headers_too_large"), 0),
    ("too_often", 429, lambda texts: texts.notice("proxy_too_often"), 60),
    ("unavailable", 503, lambda texts: texts.notice("unavailable"), 30),
)


@click.command()
@click.option(
    "--upstream",
    default="127.0.0.1:8080",
    show_default=True,
    help="Where selvbetjening serve listens.",
)
@click.option(
    "--listen",
    default="443 ssl",
    show_default=True,
    help="Where the proxy listens, as nginx writes it.",
)
@click.option("--certificate", default="", help="The file with the certificate and its chain.")
@click.option("--certificate-key", default="", help="The file with the certificate's key.")
@config_option
def proxy_config(
    upstream: str, listen: str, certificate: str, certificate_key: str, config: str | None
) -> None:
    """Print a configuration of nginx for this installation: its hosts, and its limits.

    Slow clients wait at the proxy, which costs little, and not in the application.
    Say [web] trusted_proxy = "127.0.0.1" in the installation's file, so that the address
    that the proxy tells is believed. Name there, too, what stands in front of the proxy:
    trusted_proxy = ["127.0.0.1", "10.0.0.0/24"].
    """
    words = {
        "upstream": upstream,
        "listen": listen,
        "certificate": certificate,
        "certificate-key": certificate_key,
    }
    _check(words, is_tls=listen.endswith(" ssl"))
    click.echo(nginx_config(plan_or_exit(config), words), nl=False)


def nginx_config(plan: Plan, words: Mapping[str, str]) -> str:
    """The configuration as text.

    :param words: ``upstream``, ``listen``, ``certificate`` and ``certificate-key``,
        checked; the last two are empty without TLS
    """
    limits = plan.installation.limits
    template = jinja2.Template(
        _TEMPLATE.read_text("utf-8"), undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    made: str = template.render(
        upstream=words["upstream"],
        listen=words["listen"],
        certificate=words["certificate"],
        certificate_key=words["certificate-key"],
        hosts=_hosts(plan),
        proxies=_in_front(plan),
        proxy=limits.proxy,
        header_kilobytes=-(-limits.sizes.header_bytes // 1024),
        body_limit=limits.body_limit,
        pages=[_page(*one) for one in _PAGES],
    )
    return made


def _check(words: Mapping[str, str], *, is_tls: bool) -> None:
    for name, word in words.items():
        if word and not _WORD.fullmatch(word):
            fail(f"--{name} has a character that cannot stand in nginx's configuration.")
    has_both = bool(words["certificate"] and words["certificate-key"])
    if is_tls and not has_both:
        fail("Citizens reach the site over https: name --certificate and --certificate-key.")
    if words["certificate"] and not is_tls:
        fail('A certificate needs https: --listen "443 ssl".')


def _hosts(plan: Plan) -> list[str]:
    """Every host that is declared, each once."""
    own = [host for one in plan.municipalities.values() for host in one.hosts]
    return sorted({*own, *plan.installation.prefix_hosts})


def _in_front(plan: Plan) -> list[str]:
    """The proxies that the proxy itself is to believe: all but those on its own machine."""
    return [str(one) for one in plan.installation.trusted_proxy if not one.is_loopback]


def _page(name: str, status: int, say: _Say, retry_seconds: int) -> ProxyPage:
    danish, english = say(texts_for("da")), say(texts_for("en"))
    return ProxyPage(
        name,
        status,
        _written(danish.heading),
        _written(" ".join(danish.paragraphs)),
        _written(english.heading),
        _written(" ".join(english.paragraphs)),
        retry_seconds,
    )


def _written(text: str) -> str:
    """In HTML, within single quotes of nginx: no quote, backslash or variable is left."""
    html = text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;")
    return html.replace("\\", "&#92;").replace("$", "&#36;")
