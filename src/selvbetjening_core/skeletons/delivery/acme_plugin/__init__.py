"""Delivery to Acme, for selvbetjening."""
