"""Look-ups at Acme, for selvbetjening."""
