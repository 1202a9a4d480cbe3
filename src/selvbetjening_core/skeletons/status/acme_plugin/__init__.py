"""How cases stand at Acme, for selvbetjening."""
