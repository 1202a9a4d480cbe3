"""The code somebody can ask with, where nobody could say whether a submission arrived."""

from __future__ import annotations

import hashlib

# Without I, L, O and U: easy to read aloud, and no words by accident (Crockford).
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = 10


def enquiry_code(draft_id: str) -> str:
    """A code for a draft and for whatever it is submitted as: ``7KQ4M-2XP9A``.

    The same at every try to submit, so that it finds the submission whichever of
    them arrived. Tells nothing of the draft's id, which is a secret of its owner.
    """
    number = int.from_bytes(hashlib.sha256(f"enquiry:{draft_id}".encode()).digest()[:8])
    letters = [_ALPHABET[number >> 5 * place & 31] for place in range(_LETTERS)]
    return f"{''.join(letters[:5])}-{''.join(letters[5:])}"
