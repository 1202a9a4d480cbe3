"""Login with NemLog-in: a service provider of OIOSAML 3.0."""
