"""A solution on paper: for those who cannot be digital, or are exempt.

What comes back is keyed by staff and counts as if it had been sent digitally, from the
day on which it reached the municipality.
"""

from selvbetjening_core.paper.form import paper_form, paper_words

__all__ = ["paper_form", "paper_words"]
