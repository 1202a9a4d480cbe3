"""A theme by Acme, for selvbetjening."""
