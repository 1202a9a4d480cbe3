"""The installation: where everything is, and whether it is a demo."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.composition.addresses import HOSTS, read_addresses
from selvbetjening_core.composition.audit_settings import AuditSettings, read_audit
from selvbetjening_core.composition.limits import Limits, read_limits
from selvbetjening_core.composition.retention_settings import RetentionSettings, read_retention
from selvbetjening_core.composition.secrets import is_reference, scheme_of
from selvbetjening_core.composition.trusted_proxy import Networks, read_trusted_proxy
from selvbetjening_core.files import Table, load_toml
from selvbetjening_core.files.shapes import has_password
from selvbetjening_core.problems import Place, Problems

FILE_NAME = "selvbetjening.toml"
MODES = ("demo", "production")
THREADS = 16
"""How many requests are served at once, unless the installation says otherwise."""
EMBEDDED, PROCRASTINATE = ENGINES = ("embedded", "procrastinate")
"""What carries deliveries out; the first unless the installation says otherwise."""
AT_ONCE = 8
"""How many deliveries a worker process carries out at once, unless it says otherwise."""
_PACKAGE = "package:"
FILES_FOLDER = "var/files"
"""Where the files that citizens send along are, unless ``[store] files`` says otherwise."""
_DATABASE = re.compile(r"sqlite:///\S.*|postgresql(\+psycopg)?://\S+")
_UNREAD = re.compile(r"\.(?:toml\.txt|toml|tml|tom)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Installation:
    """What ``selvbetjening.toml`` says. Paths are absolute.

    ``solutions`` maps a solution's name to its folder; ``is_complete``: all the
    folders with solutions were found. ``database`` and ``keys`` are references or
    values as written. ``prefix_host_places``: the hosts where municipalities are
    reached by their path prefixes, and where each is declared. A delivery attempt may take
    ``attempt_seconds``; another worker takes over ``lease_seconds`` after the last sign
    of life of the one that makes it. ``engine`` carries deliveries out, in each worker
    process ``at_once`` of them. ``threads`` requests are served at once, and
    ``calls_at_once`` calls of one component made; ``metrics_token`` is the reference to
    what opens the figures to those who watch; ``hsts_subdomains``: browsers are told to use
    https for all hosts below ours, too. ``trusted_proxy``: the addresses and networks of
    the proxies that tell where requests come from; empty: there are none. ``files``: the
    folder with what citizens send along.
    """

    folder: Path
    mode: str
    plugin_sets: tuple[Path, ...]
    municipalities: tuple[Path, ...]
    solutions: dict[str, Path]
    is_complete: bool
    database: str
    keys: str
    attempt_seconds: int
    lease_seconds: int
    engine: str
    at_once: int
    threads: int
    calls_at_once: int
    metrics_token: str
    hsts_subdomains: bool
    trusted_proxy: Networks
    limits: Limits
    files: Path
    prefix_host_places: Mapping[str, Place]
    retention: RetentionSettings
    audit: AuditSettings
    place: Place

    @property
    def prefix_hosts(self) -> tuple[str, ...]:
        """The hosts where municipalities are reached by their path prefixes."""
        return tuple(self.prefix_host_places)

    @property
    def is_demo(self) -> bool:
        """In demo mode only, parts that pretend are allowed."""
        return self.mode == "demo"


def read_installation(file: Path, problems: Problems) -> Installation | None:
    """Read the installation's file; None where it cannot be read at all."""
    toml = load_toml(file, problems)
    if toml is None:
        return None
    root = Table.whole(toml, problems)
    is_other = file.name != FILE_NAME
    advice = f"name the installation's file, which is called {FILE_NAME}" if is_other else ""
    head = root.table("installation", required=True, advice=advice)
    if head is None:
        root.give_up()
        return None
    folder = file.resolve().parent
    bases = _solution_bases(head, folder)
    store = root.table("store", required=True)
    delivery = root.table("delivery") or Table(toml, {}, ("delivery",), problems)
    web = root.table("web") or Table(toml, {}, ("web",), problems)
    retention = root.table("retention") or Table(toml, {}, ("retention",), problems)
    audit = root.table("audit") or Table(toml, {}, ("audit",), problems)
    threads = _threads(web)
    database = _database(store) if store else ""
    found = Installation(
        folder=folder,
        # An unknown mode is an error; "demo" keeps it from bringing others along.
        mode=head.choice("mode", MODES, code="unknown-mode", default="demo"),
        plugin_sets=_files(head, "plugin_sets", folder, "a plugin set"),
        municipalities=_files(head, "municipalities", folder, "a municipality"),
        solutions=_solutions(head, bases),
        is_complete=bool(bases) and None not in bases.values(),
        database=database,
        keys=_keys(store) if store else "",
        attempt_seconds=_seconds(delivery, "attempt_seconds", 30),
        lease_seconds=_lease_seconds(delivery),
        engine=_engine(delivery, database),
        at_once=delivery.number("at_once", required=False, default=AT_ONCE, minimum=1, maximum=64),
        threads=threads,
        calls_at_once=_calls_at_once(web, threads),
        metrics_token=_metrics_token(web),
        hsts_subdomains=web.yes_no("hsts_subdomains", required=False),
        trusted_proxy=read_trusted_proxy(web),
        limits=read_limits(root),
        files=folder / (_files_folder(store) if store else FILES_FOLDER),
        prefix_host_places=read_addresses(head, "prefix_hosts", HOSTS),
        retention=read_retention(retention, folder),
        audit=read_audit(audit, folder),
        place=root.place(),
    )
    if store:
        store.finish()
    delivery.finish()
    web.finish()
    head.finish()
    root.finish()
    return found


def _database(store: Table) -> str:
    database = store.text("database")
    if has_password(database):
        store.error(
            "plain-secret",
            "a password stands plainly in the address of the database",
            'write where the address is kept: database = "env:NAME"; and change the password,'
            " since it has been seen",
            "database",
        )
    elif database.strip() and not is_reference(database) and not _DATABASE.fullmatch(database):
        store.error(
            "bad-url",
            '"database" is not the address of a database file',
            'write database = "sqlite:///PATH", with three / in front of the path,'
            ' or database = "env:NAME" with the address of a PostgreSQL database in it',
            "database",
        )
    return database


def _files_folder(store: Table) -> str:
    return store.text("files", required=False) or FILES_FOLDER


def _keys(store: Table) -> str:
    keys = store.text("keys")
    if keys and not is_reference(keys, scheme_of(keys)):
        store.error(
            "plain-secret",
            '"keys" must say where the keys are kept, not what they are',
            'write keys = "file:PATH" (or env:NAME, or SCHEME:NAME of a plugin); and make new'
            " keys if these were real",
            "keys",
        )
    return keys


def _seconds(delivery: Table, key: str, default: int) -> int:
    return delivery.number(key, required=False, default=default, minimum=1, maximum=600)


def _engine(delivery: Table, database: str) -> str:
    engine = delivery.choice("engine", ENGINES, required=False, default=EMBEDDED)
    if engine != PROCRASTINATE:
        return engine
    if database.startswith("sqlite:"):
        delivery.error(
            "engine-needs-postgresql",
            'engine = "procrastinate" keeps its jobs in PostgreSQL, and the database is SQLite',
            'take the line away, or move to PostgreSQL: database = "env:NAME", its address in it',
            "engine",
        )
    elif package_folder(PROCRASTINATE) is None:
        delivery.error(
            "engine-not-installed",
            'engine = "procrastinate" needs the extra [postgres], which is not installed',
            "pip install 'selvbetjening[postgres]', or take the line away",
            "engine",
        )
    return engine


def _lease_seconds(delivery: Table) -> int:
    if delivery.has("grace_seconds"):
        delivery.number("grace_seconds", required=False)
        delivery.problems.warning(
            "not-used-any-more",
            delivery.place("grace_seconds"),
            '"grace_seconds" is not used any more: a worker that lives keeps what it works on',
            "take the line out; lease_seconds says how soon another takes over from a dead one",
        )
    return delivery.number("lease_seconds", required=False, default=10, minimum=3, maximum=600)


def _threads(web: Table) -> int:
    return web.number("threads", required=False, default=THREADS, minimum=2, maximum=256)


def _metrics_token(web: Table) -> str:
    """Where the word is kept by which those who watch the site are known; empty: nobody is."""
    token = web.text("metrics_token", required=False, default="")
    if token and not is_reference(token):
        web.error(
            "plain-secret",
            '"metrics_token" must say where the token is kept, not what it is',
            'write metrics_token = "env:NAME" or "file:PATH"; and make a new token if this was'
            " a real one",
            "metrics_token",
        )
    return token


def _calls_at_once(web: Table, threads: int) -> int:
    """Half the threads: while one component hangs, the other half serves what needs it not."""
    number = web.number("calls_at_once", required=False, default=max(1, threads // 2), minimum=1)
    if web.has("calls_at_once") and number >= threads >= 2:
        web.error(
            "out-of-range",
            f'"calls_at_once" is {number}, and {threads} requests are served at once: one'
            " component that hangs would hold up every page",
            f"write a number below {threads}, or raise threads",
            "calls_at_once",
        )
    return number


def _files(head: Table, key: str, folder: Path, what: str) -> tuple[Path, ...]:
    name = head.text(key, required=False, default="" if head.has(key) else key)
    if not name:
        return ()
    found = tuple(sorted((folder / name).glob("*.toml")))
    _report_unread(head, folder / name, what, found)
    if not found:
        is_there = (folder / name).is_dir()
        head.error(
            "nothing-found",
            f'the folder "{name}" holds no .toml file' if is_there else f'no folder "{name}"',
            f"write {what} as a .toml file in it"
            if is_there
            else f"write the name of the folder that is there, or make this one, and write {what}"
            " as a .toml file in it",
            key,
        )
    return found


def _report_unread(head: Table, folder: Path, what: str, read: Container[Path]) -> None:
    """Files that were meant, and are called so that they are not read."""
    meant = (path for path in sorted(folder.glob("*")) if _UNREAD.search(path.name))
    for path in meant:
        if path in read or not path.is_file():
            continue
        name = _UNREAD.sub(".toml", path.name)
        head.problems.warning(
            "file-not-read",
            Place(path),
            f'this is not read: the name of {what} ends in .toml, and this one is "{path.name}"',
            f'call it "{name}" (show the endings of files, so that you see the whole name)',
        )


def _solution_bases(head: Table, folder: Path) -> dict[str, Path | None]:
    names = head.text_list("solutions")
    bases = {name: _solution_base(name, folder) for name in names}
    for name, base in bases.items():
        if base is None:
            head.error(
                "nothing-found",
                f'there is no folder or installed package "{name}"',
                'write a folder, or "package:NAME" of an installed package',
                "solutions",
                head.position("solutions", name),
            )
    return bases


def _solutions(head: Table, bases: Mapping[str, Path | None]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name, base in bases.items():
        for solution in _folders(base) if base else ():
            if solution.name in found:
                _report_twice(head, name, found[solution.name], solution)
            found.setdefault(solution.name, solution)
    if bases and not found and None not in bases.values():
        head.error(
            "nothing-found",
            "there is no solution at all",
            "a solution is a folder in one of these, with a file solution.toml",
            "solutions",
        )
    return found


def _report_twice(head: Table, name: str, first: Path, second: Path) -> None:
    head.error(
        "solution-twice",
        f'the solution "{second.name}" is in {first.parent} and in {second.parent}',
        'take one of them out of "solutions", or give one of the folders another name',
        "solutions",
        head.position("solutions", name),
    )


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, not imported; None where there is none."""
    try:
        spec = importlib.util.find_spec(name)
    except Exception:  # noqa: BLE001 - looking up "a.b" imports a, which may raise anything
        return None
    found = spec.submodule_search_locations if spec else None
    return Path(next(iter(found))) if found else None


def _solution_base(name: str, folder: Path) -> Path | None:
    if not name.startswith(_PACKAGE):
        return folder / name if (folder / name).is_dir() else None
    return package_folder(name.removeprefix(_PACKAGE))


def _folders(base: Path) -> list[Path]:
    return [path for path in sorted(base.iterdir()) if path.is_dir() and path.name[0] not in "._"]
