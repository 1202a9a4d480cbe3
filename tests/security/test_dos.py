"""One attacker, small enough for plain tox; the whole is ``tox run -e security -- dos``."""

from __future__ import annotations

import pytest
import security_dos
from nginx import nginx_program
from suite import Options, missed

pytestmark = pytest.mark.skipif(
    nginx_program() is None,
    reason="nginx is not installed: apt-get install nginx",
)


def test_others_are_served_and_everything_beyond_a_limit_is_refused():
    assert missed(security_dos.run, Options(small=True)) == []


def test_a_configuration_without_a_time_limit_is_found():
    assert missed(security_dos.run, Options(small=True, fault="no_header_timeout"))
