"""``selvbetjening new-keys`` and ``selvbetjening keys``: the keys that answers are sealed with."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selvbetjening_core.cli.commands import config_option, fail, needs_extra, plan_or_exit
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.errors import ConfigurationError, SelvbetjeningError

if TYPE_CHECKING:
    from selvbetjening_core.composition.compose import Plan
    from selvbetjening_core.store.key_file import MasterKeys
    from selvbetjening_core.store.rotating import KeyUse
    from selvbetjening_core.store.store import SqlStore

_ELSEWHERE = """The keys are kept in {reference}, which this program does not write.
Change them there: first add a key and have every process read it (kill -HUP; for env:
start it again), then name it in "current" and do that once more, then run:
selvbetjening keys reseal"""
_EVERY_MACHINE = "--every-machine-has-it"
_ASK_MACHINES = """Nothing here needs {key_id}. Whether another machine still seals with it nobody
can see from here: what it seals after the removal could not be read. Look on every machine:
its key file names {current} as "current" (selvbetjening keys show), and serve and worker run
with this file. Then say so:
selvbetjening keys remove {key_id} {option}"""
_REMOVED = """removed {key_id} from {file}
A backup made before the change can be read with it alone."""
_COPY_KEPT = """The key file as it was: {copy}
Move it to where such backups are not, keep it as long as one of them, and then destroy both."""
_NO_COPY = "No copy was kept: a backup made before the change needs one from elsewhere."


@click.command()
@config_option
def new_keys(config: str | None) -> None:
    """Make the key file that [store] keys names, with new random keys.

    A file that is there is never overwritten: without its keys, everything that
    was stored under them is lost.
    """
    plan = _plan(config)
    from selvbetjening_core.store.key_file import create_key_file  # noqa: PLC0415 - see _plan

    path = _file(plan)
    if path is None:
        fail('The installation does not name a key file: keys = "file:PATH" in [store].')
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        create_key_file(path)
    except SelvbetjeningError as error:
        fail(str(error))
    except OSError as error:
        fail(f"The key file cannot be written: {error.strerror}.")
    click.echo(f"made {path}; keep a copy apart from the database, and let nobody else read it")


@click.group()
def keys() -> None:
    """Show the keys and what needs each, or change them while all goes on. Never shows a key."""


@keys.command()
@config_option
def show(config: str | None) -> None:
    """Show the id of every key, what it is for, and how many values need it."""
    with _store(_plan(config)) as store:
        _print_use(store, _use(store))


@keys.command()
@config_option
def add(config: str | None) -> None:
    """Add a new random key to the key file. Nothing is sealed with it yet.

    For several machines that each have a key file: add, copy the file to all of
    them, and only then run "use" and copy again. On one machine, "rotate" does it all.
    """
    path = _file_or_exit(_plan(config))
    from selvbetjening_core.store.key_change import add_key  # noqa: PLC0415 - see _plan

    with _told():
        key_id = add_key(path)
    click.echo(f"added {key_id} to {path}; nothing is sealed with it yet")
    click.echo("Copy the file to wherever its copies are. Then: selvbetjening keys use " + key_id)


@keys.command()
@click.argument("key_id", metavar="ID")
@config_option
def use(key_id: str, config: str | None) -> None:
    """Seal with the key ID from now on. What is sealed with others stays so until "reseal"."""
    path = _file_or_exit(_plan(config))
    from selvbetjening_core.store.key_change import use_key  # noqa: PLC0415 - see _plan

    with _told():
        use_key(path, key_id, _now())
    click.echo(f"{key_id} is current; running processes with this file see it within seconds")


@keys.command()
@config_option
def reseal(config: str | None) -> None:
    """Seal with the current key all that is sealed with another, while citizens are served.

    In small steps. Stopped in the middle, it is run again: what is done is passed over.
    """
    with _store(_plan(config)) as store:
        _reseal(store)


@keys.command()
@config_option
def rotate(config: str | None) -> None:
    """Make a new key, seal with it from now on, and seal anew what is there.

    While citizens are served, by processes that share this key file. A rotation that
    was stopped in the middle is ended first, and no further key is made.
    """
    plan = _plan(config)
    path = _file_or_exit(plan)
    from selvbetjening_core.store.key_change import add_and_use_key  # noqa: PLC0415 - see _plan

    with _store(plan) as store:
        if _use(store).left(store.keys.current):
            click.echo(f"a rotation to {store.keys.current} was not ended: it goes on, no new key")
        else:
            key_id = add_and_use_key(path, _now())
            store.keys.refresh()
            click.echo(f"made {key_id} in {path}; everything new is sealed with it. Copy the file.")
        _reseal(store)


@keys.command()
@click.argument("key_id", metavar="ID")
@click.option(
    _EVERY_MACHINE,
    "asked",
    is_flag=True,
    help="Somebody looked: every machine has the new key file, and seals with its current key.",
)
@click.option("--no-copy", is_flag=True, help="Keep no copy of the key file as it was.")
@config_option
def remove(key_id: str, config: str | None, *, asked: bool, no_copy: bool) -> None:
    """Take the key ID out of the key file. Refused while anything needs it.

    The file as it was is kept beside it, with the day in its name, for backups from before.
    """
    plan = _plan(config)
    path = _file_or_exit(plan)
    from selvbetjening_core.store.key_change import remove_key  # noqa: PLC0415 - see _plan

    with _store(plan) as store:

        def refuse_if_needed(found: MasterKeys) -> None:
            _use(store).refuse_if_needed(key_id, found)
            if not asked:
                told = {"key_id": key_id, "current": found.current, "option": _EVERY_MACHINE}
                fail(_ASK_MACHINES.format(**told))

        copy = remove_key(path, key_id, _now(), refuse_if_needed, keep_copy=not no_copy)
    click.echo(_REMOVED.format(key_id=key_id, file=path))
    click.echo(_COPY_KEPT.format(copy=copy) if copy else _NO_COPY)


def _reseal(store: SqlStore) -> None:
    from selvbetjening_core.store.rotating import reseal as reseal_all  # noqa: PLC0415 - see _plan

    def tell(code: str, table: str, count: int) -> None:
        click.echo(f"{code} {table}: {count:,} sealed anew")

    done = reseal_all(store, tell)
    left = _use(store).left(store.keys.current)
    click.echo(f"{done:,} values sealed anew with {store.keys.current}, {left:,} left")
    if left:
        fail("A process seals with another key still: see that all have the new file, run it again")


def _use(store: SqlStore) -> KeyUse:
    from selvbetjening_core.store.rotating import key_use  # noqa: PLC0415 - see _plan

    return key_use(store)


def _print_use(store: SqlStore, use: KeyUse) -> None:
    ring = store.keys
    known = [*ring.ids, *sorted({*use.sealed, *use.macs} - {*ring.ids})]
    for key_id in known:
        is_for = ["current"] * (key_id == ring.current) + ["index"] * (key_id == ring.index_id)
        is_for += ["MISSING: what needs it cannot be read"] * (key_id not in ring.ids)
        told = f"{use.sealed[key_id]:,} values sealed, {use.macs[key_id]:,} lines of the audit log"
        click.echo(f"{key_id}: {told}{''.join(f', {one}' for one in is_for)}")


@contextlib.contextmanager
def _store(plan: Plan) -> Iterator[SqlStore]:
    from selvbetjening_core.opening import open_store  # noqa: PLC0415 - see _plan

    with _told():
        store = open_store(plan)
        try:
            yield store
        finally:
            store.close()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What goes wrong ends the program, in a sentence."""
    try:
        yield
    except ConfigurationError as error:
        print_problems(error.problems)
        raise SystemExit(1) from None
    except SelvbetjeningError as error:
        fail(str(error))


def _file_or_exit(plan: Plan) -> Path:
    path = _file(plan)
    if path is None:
        fail(_ELSEWHERE.format(reference=plan.installation.keys))
    return path


def _file(plan: Plan) -> Path | None:
    from selvbetjening_core.opening import key_file  # noqa: PLC0415 - see _plan

    return key_file(plan)


def _plan(config: str | None) -> Plan:
    try:
        # Only what keeps submissions needs the extra.
        import selvbetjening_core.opening  # noqa: PLC0415, F401
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    return plan_or_exit(config)


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)
