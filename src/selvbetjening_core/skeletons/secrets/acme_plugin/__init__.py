"""Secrets that Acme keeps, for selvbetjening."""
