"""Solutions by Acme, for selvbetjening."""
