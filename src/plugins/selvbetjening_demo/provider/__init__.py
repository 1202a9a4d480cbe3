"""The demo provider: a login and a payment system, outside the application.

It runs as a process of its own and shares nothing with the application but a
secret, as a real identity or payment provider would::

    python -m selvbetjening_demo.provider --port 6544 --secret-file provider.secret

Tests start it inside their own process, see
:class:`~selvbetjening_demo.provider.server.ProviderServer`.
"""

from selvbetjening_demo.provider.app import ProviderSettings, make_provider

__all__ = ["ProviderSettings", "make_provider"]
