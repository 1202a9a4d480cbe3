"""What ``selvbetjening conformance acme-plugin`` runs, for your own test run."""

from acme_plugin.conformance import *  # noqa: F403
