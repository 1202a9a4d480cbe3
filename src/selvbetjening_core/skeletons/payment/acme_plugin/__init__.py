"""Payment with Acme, for selvbetjening."""
