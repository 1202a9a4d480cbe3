"""Receipts by Acme, for selvbetjening."""
