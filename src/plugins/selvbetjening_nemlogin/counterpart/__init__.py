"""A local counterpart of NemLog-in: for the demo and for tests. It is not NemLog-in."""
