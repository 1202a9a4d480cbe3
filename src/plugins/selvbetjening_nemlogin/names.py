"""The words of SAML 2.0 and of OIOSAML 3.0 that are used here.

Source: OASIS SAML 2.0 core, bindings and metadata; OIO SAML Web SSO Profile 3.0.x.
"""

from __future__ import annotations

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
NS = {"saml": SAML, "samlp": SAMLP, "md": MD, "ds": DS, "xenc": XENC}

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
REQUESTER = "urn:oasis:names:tc:SAML:2.0:status:Requester"
CANCELLED = frozenset(
    {
        "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed",
        "urn:oasis:names:tc:SAML:2.0:status:RequestDenied",
    }
)
"""What the provider says of a login that was given up, below the first status."""
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
ATTRIBUTE_NAME_URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"

NSIS = "https://data.gov.dk/concept/core/nsis/"
LOA = f"{NSIS}loa"
LEVELS = {"Low": "low", "Substantial": "substantial", "High": "high"}
"""What is said in the attribute, which is a word and no address."""
LEVEL_URLS = {word: f"{LOA}/{name}" for name, word in LEVELS.items()}
EID = "https://data.gov.dk/model/core/eid/"
SPEC_VERSION = "https://data.gov.dk/model/core/specVersion"
SPEC = "OIO-SAML-3.0"
PROFILES = {
    "person": "https://data.gov.dk/eid/Person",
    "professional": "https://data.gov.dk/eid/Professional",
}
CPR, FULL_NAME = f"{EID}cprNumber", f"{EID}fullName"
CVR, ORGANISATION = f"{EID}professional/cvr", f"{EID}professional/orgName"
PRIVILEGES = f"{EID}privilegesIntermediate"
ATTRIBUTES = {
    CPR: "cpr",
    FULL_NAME: "name",
    CVR: "cvr",
    ORGANISATION: "organisation",
    f"{EID}professional/productionUnit": "p_number",
    f"{EID}professional/rid": "rid",
    f"{EID}professional/uuid/persistent": "employee",
}
"""What of a login is handed on, by what NemLog-in calls it. All else stays here."""

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SIGNATURES = frozenset(f"{_MORE}rsa-sha{bits}" for bits in (256, 384, 512))
DIGESTS = frozenset(
    {
        f"{XENC}sha256",
        f"{_MORE}sha384",
        f"{XENC}sha512",
    }
)
KEY_TRANSPORTS = frozenset({f"{XENC}rsa-oaep-mgf1p", "http://www.w3.org/2009/xmlenc11#rsa-oaep"})
"""Not RSA 1.5: by what is refused, somebody could find out what it says."""
CIPHERS = frozenset(
    {
        *(f"http://www.w3.org/2009/xmlenc11#aes{n}-gcm" for n in (128, 192, 256)),
        *(f"{XENC}aes{n}-cbc" for n in (128, 192, 256)),
    }
)
