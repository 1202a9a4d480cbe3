"""The checks of every kit whose components talk to an outside system over HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import CommonChecks, whatever_comes
from selvbetjening_core.testing.conformance import check, does_not_apply, expect
from selvbetjening_core.testing.counterpart import Counterpart
from selvbetjening_core.testing.loopback import Fault
from selvbetjening_core.testing.untrusted import Untrusted, Witness


class OutsideChecks(CommonChecks):
    """What must hold on the way to an outside system."""

    def reach(self, bench: Any, component: Any, key: str) -> object:
        """Let ``component`` send something. A kit whose use begins elsewhere says how."""
        return self.use(bench, component, key)

    @check(
        "redirect-not-followed",
        "A redirection is not followed: what was meant for one address is sent to no other.",
        da="En omdirigering følges ikke: det, der var ment til én adresse, sendes ikke til en"
        " anden.",
    )
    def test_redirect_not_followed(self, bench: Bench) -> None:
        """Tokens and cases would go along, to whoever answers there, and without TLS."""
        remote = bench.remote
        if not isinstance(remote, Counterpart):
            does_not_apply(
                "its counterpart cannot send it to another address",
                da="modparten kan ikke sende den til en anden adresse",
            )
        with Witness() as other:
            remote.elsewhere = other.url
            component = bench.make()
            with bench.remote_behaving(Fault.MOVED):
                whatever_comes(lambda: self.reach(bench, component, "moved"))
            count = len(other.requests)
        expect(count == 0, "a redirection to another address was followed")

    @check(
        "certificate-checked",
        "A server whose certificate nobody vouches for is sent nothing.",
        da="En server, hvis certifikat ingen står inde for, får intet sendt.",
    )
    def test_certificate_checked(self, bench: Bench) -> None:
        """The settings with the counterpart's address have an untrusted one over https."""
        with Untrusted() as server:
            settings = _with_address(bench, server.url)
            if not settings:
                does_not_apply(
                    "no setting holds the counterpart's address as http://…",
                    da="ingen indstilling rummer modpartens adresse som http://…",
                )
            whatever_comes(lambda: self.reach(bench, bench.make(**settings), "certificate"))
            callers, count = server.callers, len(server.requests)
        expect(count == 0, "it was told to a server whose certificate nobody vouches for")
        if not callers:
            does_not_apply(
                "nothing was sent over TLS: the address with https was not called",
                da="intet blev sendt over TLS: adressen med https blev ikke kaldt",
            )


def _with_address(bench: Bench, url: str) -> dict[str, object]:
    """The settings that hold the counterpart's address, with ``url`` in its place."""
    old = getattr(bench.remote, "url", None)
    if not isinstance(old, str) or not old.startswith("http://"):
        return {}
    return {
        name: value.replace(old, url)
        for name, value in bench.settings.items()
        if isinstance(value, str) and old in value
    }


def addresses_at(remote: object) -> str:
    """The addresses that a counterpart was asked at, as people read them."""
    asked = getattr(remote, "requests", ())
    return "\n".join(f"{unquote_plus(one.path)} {' '.join(one.query.values())}" for one in asked)
