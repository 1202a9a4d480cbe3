"""Measurements to Acme, for selvbetjening."""
