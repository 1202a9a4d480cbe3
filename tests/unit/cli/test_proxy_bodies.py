"""Large bodies wait in the proxy's memory: few of one client at a time, by a real nginx."""

from __future__ import annotations

import contextlib
import re
import socket

import pytest
from harness import free_port
from nginx import nginx, nginx_program

pytestmark = pytest.mark.skipif(
    nginx_program() is None, reason="nginx is not installed: apt-get install nginx"
)
AT_ONCE = 4
TOO_OFTEN = b"HTTP/1.1 429"


@pytest.fixture
def proxy(run, demo):
    """Where a proxy of ours listens. Nothing stands behind it: no body gets whole."""
    with contextlib.ExitStack() as stack:

        def served(change=lambda text: text):
            address = ("127.0.0.1", free_port())
            upstream, listen = f"127.0.0.1:{free_port()}", f"{address[0]}:{address[1]}"
            config = ("--config", str(demo / "selvbetjening.toml"))
            done = run("proxy-config", *config, "--upstream", upstream, "--listen", listen)
            assert done.returncode == 0, done.stderr
            stack.enter_context(nginx(change(done.stdout), address))
            return address

        yield served


def begin(stack, address, length):
    """Send the beginning of a body of ``length`` bytes, and wait for more to be read."""
    connection = stack.enter_context(socket.create_connection(address, timeout=1))
    head = f"POST / HTTP/1.1\r\nHost: mors.localhost\r\nContent-Length: {length}\r\n\r\nx"
    connection.sendall(head.encode())
    return connection


def answer(connection):
    """What was answered so far; nothing while the body is waited for."""
    with contextlib.suppress(TimeoutError):
        return connection.recv(100)
    return b""


def refused(address, length):
    """Whether one more is refused while as many as may be are under way."""
    with contextlib.ExitStack() as stack:
        before = [begin(stack, address, length) for _ in range(AT_ONCE)]
        answers = [answer(one) for one in before]
        assert answers == [b""] * AT_ONCE
        return answer(begin(stack, address, length)).startswith(TOO_OFTEN)


def test_large_bodies_are_few_at_a_time(proxy):
    address = proxy()
    assert refused(address, 1_000_000)
    assert not refused(address, 999_999)


def test_the_control_sees_a_proxy_that_counts_none(proxy):
    unlimited = proxy(lambda text: re.sub(r"limit_conn selvbetjening_large_of 4;", "", text))
    assert not refused(unlimited, 1_000_000)
