"""Solutions from Acme's files, for selvbetjening."""
