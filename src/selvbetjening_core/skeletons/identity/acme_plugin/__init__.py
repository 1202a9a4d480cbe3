"""Login with Acme, for selvbetjening."""
