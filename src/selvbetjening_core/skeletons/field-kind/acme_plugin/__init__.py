"""A kind of field by Acme, for selvbetjening."""
