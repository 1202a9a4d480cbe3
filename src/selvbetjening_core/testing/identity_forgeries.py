"""The part of the identity kit about answers that are not the provider's own."""

from __future__ import annotations

from typing import Any

from selvbetjening_core.testing import logins
from selvbetjening_core.testing.conformance import check, expect
from selvbetjening_core.testing.outside import OutsideChecks
from selvbetjening_core.values import Claims


class IdentityForgeryChecks(OutsideChecks):
    """What an identity plugin does with an answer that somebody forged."""

    @check(
        "altered-refused",
        "An answer that was changed after it was signed is refused.",
        da="Et svar, der er ændret, efter at det blev underskrevet, afvises.",
    )
    def test_altered_refused(self, bench: Any) -> None:
        """The signature no longer fits."""
        logins.refuses(bench, logins.Forgery.ALTERED)

    @check(
        "unsigned-refused",
        "An answer without a signature is refused, also when it says that it needs none.",
        da="Et svar uden underskrift afvises, også når det siger, at det ikke behøver en.",
    )
    def test_unsigned_refused(self, bench: Any) -> None:
        """The algorithm ``none`` is no algorithm."""
        logins.refuses(bench, logins.Forgery.UNSIGNED)

    @check(
        "other-key-refused",
        "An answer signed with somebody else's key is refused.",
        da="Et svar, der er underskrevet med en andens nøgle, afvises.",
    )
    def test_other_key_refused(self, bench: Any) -> None:
        """Also when everything else in it is right."""
        logins.refuses(bench, logins.Forgery.OTHER_KEY)

    @check(
        "other-algorithm-told",
        "An answer by an algorithm it does not accept is refused, or says which one it was.",
        da="Et svar med en algoritme, den ikke godtager, afvises, eller det siger hvilken.",
    )
    def test_other_algorithm_told(self, bench: Any) -> None:
        """Never an accepted one in its place: the core refuses by the name."""
        component = bench.make()
        request = logins.a_request()
        found = logins.answered(bench, component, request, forgery=logins.Forgery.OTHER_ALGORITHM)
        if isinstance(found, Claims):
            told = found.algorithm not in component.algorithms
            expect(told, "another algorithm was told as one that is accepted")
        else:
            logins.is_refused(found, "another algorithm")
