"""What every receipt says, whatever it is made of: for plugins that implement ``IReceipt``.

* :func:`content_of` puts a case into words, in order, and :func:`words` gives
  the receipt's own words in the language of the case;
* :func:`receipt_data` is the same as JSON data, for machines;
* :class:`Seal` finds every changed byte of a document, and :func:`check_code`
  makes a code that people can read from the case itself.
"""

from selvbetjening_core.receipts.content import (
    Acting,
    Content,
    Group,
    Line,
    Moment,
    Paid,
    content_of,
)
from selvbetjening_core.receipts.data import masked, receipt_data
from selvbetjening_core.receipts.seal import Seal, check_code
from selvbetjening_core.receipts.words import language, words

__all__ = [
    "Acting",
    "Content",
    "Group",
    "Line",
    "Moment",
    "Paid",
    "Seal",
    "check_code",
    "content_of",
    "language",
    "masked",
    "receipt_data",
    "words",
]
