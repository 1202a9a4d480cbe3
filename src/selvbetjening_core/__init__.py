"""selvbetjening: pluggable components for Danish municipal self-service."""

__version__ = "0.1.0"
