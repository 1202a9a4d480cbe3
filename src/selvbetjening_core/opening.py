"""Opening the store that an installation names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.default_secrets import (
    is_default,
    password_in,
    report_default,
)
from selvbetjening_core.composition.secrets import is_reference, read_reference
from selvbetjening_core.delivery.wellbeing import deliveries_health
from selvbetjening_core.errors import ConfigurationError, NotInstalled, StoreUnavailable
from selvbetjening_core.interfaces import ISecrets
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.problems import Problems
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import (
    is_unguarded,
    newest_revision,
    open_engine,
    revision_of,
    upgrade,
)
from selvbetjening_core.store.key_source import KeysElsewhere, KeysInFile, KeySource
from selvbetjening_core.store.store import Clock, SqlStore
from selvbetjening_core.values import Health

_SQLITE = "sqlite:///"
_NOWHERE = "0000"
_NO_FILE = "there is no database yet"
UNGUARDED = (
    "the role that it logs in as is one that row-level security does not hold for: log in as"
    " one that is neither a superuser nor has BYPASSRLS"
)
"""What is told of a PostgreSQL whose second wall between municipalities is not there for us."""


def open_store(
    plan: Plan, clock: Clock | None = None, *, actors_come_by: AuditWay = AuditWay.COMMAND
) -> SqlStore:
    """The store alone, its tables brought up to date. No component is made.

    :param clock: see :class:`SqlStore`
    :param actors_come_by: see :class:`SqlStore`

    :raises ConfigurationError: it cannot be opened
    """
    engine, keys = _opened(plan)
    try:
        upgrade(engine)
    except StoreUnavailable as error:
        engine.dispose()
        raise _store_error(plan, error) from None
    return SqlStore(engine, keys, clock, actors_come_by=actors_come_by)


def stored_health(plan: Plan) -> tuple[Health, ...]:
    """Can the database be used, as it is, and is what is due taken up? Changes nothing."""
    try:
        url = store_address(plan)
        if _is_missing(url):
            return (Health("store", is_ok=False, text=_NO_FILE),)
        engine, keys = _opened(plan)
    except (ConfigurationError, LookupError) as error:
        text = f"it cannot be opened ({type(error).__name__})"
        return (Health("store", is_ok=False, text=text),)
    store = SqlStore(engine, keys)
    try:
        # Says more than a transaction does: no stranger reads it here.
        is_newest = revision_of(engine) == newest_revision()
        found = (store_health(store),)
        # Older tables are brought up to date at the next start, and cannot be asked before.
        files = plan.municipalities.values()
        return (*found, deliveries_health(store, files)) if is_newest else found
    except StoreUnavailable as error:
        return (Health("store", is_ok=False, text=str(error)),)
    finally:
        store.close()


def _opened(plan: Plan) -> tuple[Engine, KeyRing]:
    try:
        address = store_address(plan)
        _refuse_default(plan, address)
        return open_engine(address), _keys(plan)
    except (LookupError, ValueError, OSError, NotInstalled) as error:
        raise _store_error(plan, error) from None


def _refuse_default(plan: Plan, address: str) -> None:
    password = password_in(address)
    if password and is_default(password) and not plan.installation.is_demo:
        problems = Problems()
        report_default(plan.installation.place, "the password of the database", problems)
        raise ConfigurationError(problems)


def store_file(plan: Plan) -> tuple[Path | None, KeyRing]:
    """The file of the embedded database (None: it is another one), and the keys. Opens neither.

    :raises ConfigurationError: the keys cannot be read, or the address is not there
    """
    try:
        address, keys = store_address(plan), _keys(plan)
    except (LookupError, ValueError, OSError) as error:
        raise _store_error(plan, error) from None
    is_file = address.startswith(_SQLITE)
    return Path(address.removeprefix(_SQLITE)) if is_file else None, keys


def _keys(plan: Plan) -> KeyRing:
    return KeyRing.from_source(key_source(plan))


def key_source(plan: Plan) -> KeySource:
    """Where ``[store] keys`` says the keys are: a file, the environment, or a plugin's vault.

    Reads nothing yet. Of several plugin sets that read one scheme the first is asked.
    """
    installation = plan.installation
    file = key_file(plan)
    if file is not None:
        return KeysInFile(file)
    schemes: dict[str, ISecrets] = {}
    for plugin_set in reversed(tuple(plan.plugin_sets.values())):
        schemes.update(plugin_set.secrets)
    reference, folder = installation.keys, installation.folder
    return KeysElsewhere(reference, lambda: read_reference(reference, folder, schemes))


def key_file(plan: Plan) -> Path | None:
    """The key file; None: the keys are kept elsewhere."""
    scheme, _, name = plan.installation.keys.partition(":")
    return plan.installation.folder / name if scheme == "file" else None


def store_address(plan: Plan) -> str:
    """The address of the database: read from where it is kept, a relative path made whole.

    :raises LookupError: it is not where it should be kept
    """
    return address_of(plan.installation.database, plan.installation.folder)


def address_of(written: str, folder: Path) -> str:
    """The address of a database: read from where it is kept, a relative path made whole.

    :param folder: what a relative path starts from
    :raises LookupError: it is not where it should be kept
    """
    return _inside(read_reference(written, folder) if is_reference(written) else written, folder)


@dataclass(frozen=True, slots=True)
class StoreState:
    """Which kind of database it is, which form its tables have, and which they should have.

    ``is_unguarded``: the role is one that row-level security does not hold for.
    """

    kind: str
    revision: str
    newest: str
    is_unguarded: bool


def look_at_store(plan: Plan) -> StoreState:
    """The form of the tables, as they are. Nothing is made or brought up to date.

    :raises StoreUnavailable: the database cannot be used
    :raises NotInstalled: an extra is needed
    :raises LookupError: the address is not where it should be kept
    :raises ValueError: the address is not one of a database
    """
    url = store_address(plan)
    if _is_missing(url):
        raise StoreUnavailable(_NO_FILE)
    engine = open_engine(url)
    try:
        kind, revision = engine.dialect.name, revision_of(engine)
        return StoreState(kind, revision, newest_revision(), is_unguarded(engine))
    finally:
        engine.dispose()


def _store_error(plan: Plan, error: Exception) -> ConfigurationError:
    problems = Problems()
    problems.error(
        "store", plan.installation.place, f"the store cannot be opened: {error}", _advice(error)
    )
    return ConfigurationError(problems)


def _advice(error: Exception) -> str:
    if isinstance(error, NotInstalled):
        return f"pip install 'selvbetjening[{error.extra}]' on every machine"
    if "reached" in str(error):
        return "see that the server runs, and that its address, user and password are right"
    return "check [store] database and keys, and that the folder can be written"


def _is_missing(url: str) -> bool:
    return url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).is_file()


def _inside(url: str, folder: Path) -> str:
    """A relative SQLite path starts from the installation's folder."""
    if not url.startswith(_SQLITE):
        return url
    path = folder / url.removeprefix(_SQLITE)
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"{_SQLITE}{path}"


def store_health(store: SqlStore) -> Health:
    """Can the database be used?"""
    try:
        with store.transaction(_NOWHERE):
            pass
        text = UNGUARDED if store.is_unguarded() else ""
    except StoreUnavailable as error:
        return Health("store", is_ok=False, text=str(error))
    return Health("store", is_ok=True, text=text)
