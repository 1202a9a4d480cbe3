"""Machines that can be cut off: network namespaces where they can be made, else a go-between."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field

_IP = shutil.which("ip") or "/usr/sbin/ip"
_PIECE = 65536
_LOOK = 0.02


@dataclass
class Gate:
    """A go-between for one address: counts what is open, and can be shut without a word.

    Shut, it takes and gives nothing, and closes nothing either, as a cable that
    somebody has pulled.
    """

    host: str
    target: tuple[str, int]
    opened: int = 0
    open: int = 0
    is_shut: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._listening = socket.create_server((self.host, 0), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> tuple[str, int]:
        name: tuple[str, int] = self._listening.getsockname()
        return name

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                inside, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(inside,), daemon=True).start()

    def _carry(self, inside: socket.socket) -> None:
        self._wait()
        try:
            outside = socket.create_connection(self.target, timeout=10)
        except OSError:
            inside.close()
            return
        outside.settimeout(None)
        with self._lock:
            self.opened += 1
            self.open += 1
        back = threading.Thread(target=self._pump, args=(outside, inside), daemon=True)
        back.start()
        self._pump(inside, outside)
        back.join()
        inside.close()
        outside.close()
        with self._lock:
            self.open -= 1

    def _pump(self, source: socket.socket, drain: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE):
                self._wait()
                drain.sendall(piece)
        self._wait()
        for one in (source, drain):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _wait(self) -> None:
        while self.is_shut.is_set():
            time.sleep(_LOOK)


class Namespaces:
    """Each machine in a network namespace of its own, all of them at one bridge.

    :raises OSError: none can be made here: it takes root, and ``ip``
    """

    kind = "network namespaces"

    def __init__(self) -> None:
        number = os.getpid() % 250 + 1
        self._bridge = f"sbb{number}"
        # 198.18.0.0/15 is set apart for measuring: no real network has it.
        self._net = f"198.18.{number}"
        self.host = f"{self._net}.1"
        self._made: dict[str, str] = {}
        try:
            _ip("link", "add", self._bridge, "type", "bridge")
            _ip("addr", "add", f"{self.host}/24", "dev", self._bridge)
            _ip("link", "set", self._bridge, "up")
            self.prefix("probe")
        except (OSError, subprocess.CalledProcessError):
            self.close()
            raise OSError("no network namespaces") from None

    def prefix(self, machine: str) -> tuple[str, ...]:
        """What a command begins with that is to run on this machine."""
        if machine not in self._made:
            self._make(machine)
        return (_IP, "netns", "exec", self._made[machine])

    def cut(self, machine: str) -> None:
        _ip("link", "set", f"{self._made[machine]}o", "down")

    def mend(self, machine: str) -> None:
        _ip("link", "set", f"{self._made[machine]}o", "up")

    def close(self) -> None:
        for name in self._made.values():
            _ip("netns", "del", name, check=False)
        _ip("link", "del", self._bridge, check=False)

    def _make(self, machine: str) -> None:
        number = len(self._made) + 2
        name = self._made[machine] = f"{self._bridge}n{number}"
        _ip("netns", "add", name)
        _ip("link", "add", f"{name}o", "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", f"{name}o", "master", self._bridge)
        _ip("link", "set", f"{name}o", "up")
        inside = ("netns", "exec", name, _IP)
        _ip(*inside, "addr", "add", f"{self._net}.{number}/24", "dev", "eth0")
        _ip(*inside, "link", "set", "eth0", "up")
        _ip(*inside, "link", "set", "lo", "up")


def _ip(*arguments: str, check: bool = True) -> None:
    subprocess.run([_IP, *arguments], check=check, capture_output=True)
