"""What a municipality says of its login with NemLog-in, and what is wrong with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from selvbetjening_core.values import ComponentContext, Setting, SettingFault
from selvbetjening_nemlogin.keys import KeyPair, certificate_of, key_pair
from selvbetjening_nemlogin.metadata import Provider, origins_of, read_provider

WARN_BEFORE = datetime.timedelta(days=60)
"""How long before a certificate ends one is told of it."""

SETTINGS = (
    Setting(
        "metadata",
        "path",
        help="The file with NemLog-in's metadata, as it is fetched from its administration.",
    ),
    Setting(
        "provider",
        "url",
        help=(
            "The address that people log in at, without a path: https://login.nemlog-in.dk."
            " Metadata that sends them anywhere else is not believed."
        ),
    ),
    Setting(
        "metadata_url",
        "url",
        help=(
            "Where the metadata can be fetched anew: it is, every day, so that the provider can"
            " change its keys without anybody doing anything here."
        ),
        required=False,
    ),
    Setting(
        "key",
        "secret",
        help="Your system's private key, in PEM. It signs requests and opens answers.",
    ),
    Setting("certificate", "path", help="The file with that key's certificate, in PEM."),
    Setting(
        "next_key",
        "secret",
        help="While you change keys: the new one. Answers to it can be opened as well.",
        required=False,
    ),
    Setting("next_certificate", "path", help="The certificate of the new key.", required=False),
    Setting(
        "profile",
        "text",
        help="Who logs in: person (MitID), professional (MitID Erhverv), or any.",
        required=False,
        default="person",
        choices=("person", "professional", "any"),
    ),
    Setting(
        "force_login",
        "yes_no",
        help="Whether whoever is logged in elsewhere has to log in again here.",
        required=False,
        default=False,
    ),
    Setting(
        "email",
        "email",
        help="The address in your metadata of whoever looks after the system.",
        required=False,
    ),
)


def own_keys(context: ComponentContext) -> tuple[KeyPair, ...]:
    """The key that signs, and the one that is to come.

    :raises ValueError: one of them is of no use; the sentence names the setting
    """
    found = []
    for name in ("", "next_"):
        path, key = context.text(f"{name}certificate"), context.text(f"{name}key")
        if not path and not key and name:
            continue
        try:
            found.append(key_pair(key, read_text(path)))
        except (ValueError, OSError) as error:
            raise ValueError(f"{name}key: {_told(error)}") from None
    return tuple(found)


def provider_of(context: ComponentContext) -> Provider:
    """The provider by the metadata in its file.

    :raises ValueError: it cannot be read
    """
    try:
        return read_provider(Path(context.text("metadata")).read_bytes())
    except OSError as error:
        raise ValueError(_told(error)) from None


def faults(context: ComponentContext) -> Iterator[SettingFault]:
    """What is wrong with the files, as far as it can be told without the secrets."""
    now = context.now()
    try:
        provider = provider_of(context)
    except ValueError as error:
        yield SettingFault("metadata", str(error))
    else:
        yield from _ending("metadata", provider.ends_at, now)
        if origins_of(provider) != {context.text("provider").rstrip("/")}:
            told = ", ".join(sorted(origins_of(provider)))
            yield SettingFault("provider", f"the metadata sends people to {told}")
    for name in ("certificate", "next_certificate"):
        if not context.text(name):
            continue
        try:
            ends = certificate_of(read_text(context.text(name))).not_valid_after_utc
        except (ValueError, OSError) as error:
            yield SettingFault(name, _told(error))
        else:
            yield from _ending(name, ends, now)


def _ending(name: str, ends: datetime.datetime, now: datetime.datetime) -> Iterator[SettingFault]:
    if ends <= now:
        yield SettingFault(name, f"the certificate ended on {ends:%d.%m.%Y}; get a new one")
    elif ends - now <= WARN_BEFORE:
        yield SettingFault(
            name,
            f"the certificate ends on {ends:%d.%m.%Y}; from then on nobody can log in:"
            " order a new one now",
            is_warning=True,
        )


def read_text(path: str) -> str:
    """:raises OSError: it cannot be read"""
    return Path(path).read_text("utf-8")


def _told(error: Exception) -> str:
    return (error.strerror or "it cannot be read") if isinstance(error, OSError) else str(error)
