"""Facts of persons from Acme, for selvbetjening."""
