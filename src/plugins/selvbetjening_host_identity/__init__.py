"""Login by a site that has logged the citizen in itself, and vouches for that.

The site's half is :func:`vouch`, and :func:`give_up` where nobody logs in; the other
half is the plugin ``host_identity``.
"""

from selvbetjening_host_identity.vouching import BadRequest, give_up, vouch

__all__ = ["BadRequest", "give_up", "vouch"]
