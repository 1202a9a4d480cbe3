"""A scanner by Acme, for selvbetjening."""
