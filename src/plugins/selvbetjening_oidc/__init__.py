"""Login through a broker, by OpenID Connect."""
