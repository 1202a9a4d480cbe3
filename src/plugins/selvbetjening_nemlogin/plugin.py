"""The identity component."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from zope.interface import implementer

from selvbetjening_core.errors import BadSettings
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IIdentity, IScheduled, ISingleLogout
from selvbetjening_core.values import (
    Challenge,
    Claims,
    ComponentContext,
    Data,
    LoginRequest,
    LogoutNotice,
    LogoutRequest,
    Message,
    Refusal,
    SettingFault,
    Task,
)
from selvbetjening_nemlogin.assertions import check_status, read_response, signed_assertion
from selvbetjening_nemlogin.claims import check_envelope, claims_of
from selvbetjening_nemlogin.logouts import read_logout, relay_state
from selvbetjening_nemlogin.names import SIGNATURES
from selvbetjening_nemlogin.parsing import Refused
from selvbetjening_nemlogin.redirect import REQUEST, RESPONSE, signed_address
from selvbetjening_nemlogin.refresh import TASK, Metadata
from selvbetjening_nemlogin.requests import authn_request, logout_request, logout_response
from selvbetjening_nemlogin.settings import SETTINGS, faults, own_keys

if TYPE_CHECKING:
    import click
    from cryptography.x509 import Certificate

log = logging.getLogger(__name__)


@implementer(IIdentity, ISingleLogout, IScheduled)
class NemLogin:
    """A service provider of OIOSAML 3.0.

    The municipality's own address is its name at the provider (entity id). Requests go by
    Redirect and are signed; answers come by POST, encrypted and signed inside.
    """

    algorithms = SIGNATURES

    def __init__(self, context: ComponentContext) -> None:
        """Read keys and metadata. Nobody is asked anything yet.

        :raises BadSettings: one of them is of no use
        """
        found = tuple(one for one in self.check_settings(context) if not one.is_warning)
        if found:
            raise BadSettings(*found)
        try:
            self._keys = own_keys(context)
        except ValueError as error:
            name, _, text = str(error).partition(": ")
            raise BadSettings(SettingFault(name, text)) from None
        self._metadata = Metadata(context)
        self._profile = context.text("profile")
        self._force = context.settings.get("force_login") is True
        self._now = context.now

    @classmethod
    def check_settings(cls, context: ComponentContext) -> tuple[SettingFault, ...]:
        """What is wrong with metadata and certificates, and what soon will be."""
        return tuple(faults(context))

    @property
    def issuer(self) -> str:
        """What the provider calls itself."""
        return self._metadata.provider().entity_id

    def begin(self, request: LoginRequest) -> Challenge:
        """Send the browser to the provider with a signed request. No effect."""
        provider = self._metadata.provider()
        xml = authn_request(
            request,
            provider.login_url,
            self._profile,
            self._now(),
            force=self._force or request.is_fresh,
        )
        return Challenge(signed_address(provider.login_url, REQUEST, xml, self._keys[0]))

    def complete(self, message: Message) -> Claims | Refusal:
        """Open the answer, check its signature and the rules of OIOSAML.

        Times, audience, recipient, request, level and replay are the core's to judge.
        Personal data: whatever NemLog-in was asked to tell.
        """
        texts = parse_qs(message.body.decode("utf-8", "replace")).get(RESPONSE, [])
        if len(texts) != 1:
            return Refusal("no-response")
        try:
            return self._claims(texts[0], message.url)
        except Refused as refused:
            return Refusal(refused.code, cancelled=refused.cancelled)

    def _claims(self, text: str, address: str) -> Claims:
        response = read_response(text)
        check_envelope(response, address)
        certificates = self._believed()
        check_status(response, certificates)
        assertion, algorithm = signed_assertion(response, self._keys, certificates)
        return claims_of(assertion, algorithm, self._profile)

    def _believed(self) -> tuple[Certificate, ...]:
        certificates = self._metadata.provider().certificates_at(self._now())
        if not certificates:
            log.error("all of the provider's certificates have ended: nobody can log in")
            raise Refused("certificate-ended")
        return certificates

    def end(self, request: LogoutRequest) -> Challenge | None:
        """To the provider with a signed request. No effect. Personal data: its name for one."""
        url = self._metadata.provider().logout_url
        xml = logout_request(request.farewell, url, self._now()) if url else b""
        return Challenge(signed_address(url, REQUEST, xml, self._keys[0])) if xml else None

    def read_logout(self, message: Message) -> LogoutNotice | Refusal | None:
        """See :class:`~selvbetjening_core.interfaces.single_logout.ISingleLogout`."""
        try:
            notice = read_logout(message, self._believed())
        except Refused as refused:
            return Refusal(refused.code)
        return notice and self._answered(notice, message)

    def _answered(self, notice: LogoutNotice, message: Message) -> LogoutNotice:
        """The notice with what the browser takes back to the provider."""
        url = self._metadata.provider().answer_url
        if not url or not notice.notice_id:
            return notice
        entity = message.url.partition("/-/messages/")[0]
        xml = logout_response(entity, notice.notice_id, url, self._now())
        address = signed_address(url, RESPONSE, xml, self._keys[0], relay_state(message))
        return LogoutNotice(
            notice.issuer,
            notice.notice_id,
            notice.sessions,
            notice.subject,
            notice.issued_at,
            Challenge(address),
        )

    def run(self, task: Task) -> None:
        """Fetch the metadata anew, and tell of certificates that soon end. Repeatable.

        :raises Unavailable: it cannot be fetched, or is no use; the old counts on
        """
        self._metadata.refresh(task)


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the login."""
    register.component(
        IIdentity,
        NemLogin,
        help="Login with MitID at NemLog-in (OIOSAML 3.0).",
        settings=SETTINGS,
        reads=(Data.CPR, Data.NAME),
        holds="Nothing. NemLog-in keeps a log of logins.",
        built_for="0.2",
        sends_to=("provider",),
        tasks=(TASK,),
    )


@hookimpl
def selvbetjening_commands(group: click.Group) -> None:
    """Write our own metadata."""
    from selvbetjening_nemlogin.commands import add_to  # noqa: PLC0415 - for a command alone

    add_to(group)
