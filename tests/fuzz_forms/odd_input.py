"""What a browser never sends, and what a hostile program does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from urllib.parse import quote_plus, urlencode

from hypothesis import strategies as st
from kind_samples import KindSample

from selvbetjening_core.testing.sent import Pairs

ODD_TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "NaN",
    "Infinity",
    "-0",
    "1e999999",
    "1_000",
    "1" * 5000,
    "9" * 20_000,
    "٣١",
    "\uff11\uff12\uff13",
    "²",
    "Ⅷ",
    "১৯৯৯",
    "\ud800",
    "\udfff\ud800",
    "\u202eabc",
    "\u200f12\u200e",
    "\u2066x\u2069",
    "\ufeff7",
    "a\u0301" * 50,
    "🏳️‍🌈",
    "</textarea><script>1</script>",
    "{{ 7 * 7 }}",
    "{label}",
    "%s%n%d",
    "' or 1=1 --",
    "__class__",
    "0x10",
    "0b1",
    "+4",
    "1.000.000,00",
    "-1",
    "31-02-2026",
    "0000-00-00",
    "true",
    "None",
    "null",
    "[]",
    "a\r\nb\u2028c\x85d",
)
_ENDS = ("", ".", ".x", ".day", ".1", "[]", "[0]", "." * 200, ".a" * 500, ":mapping", "\x00")
ODD_NUMBERS = (
    *("1", "2", "3", "4", "50", "51", "999", "1000", "9" * 5000),
    *("", "0", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "1.1", "1_0", "1e1", "٣", "\uff11", "²"),
)
"""Where the number of a row stands: numbers, and what a careless program takes for one."""
_VERBS = ("add", "remove", "upload", "", "ADD", "add ", "move", "press", "__class__", "\x00")
_MARKS = ("_shown", "_saved", "_leave", "_chosen", "__start__", "__end__", "draft", "version", "do")
_PEPPERCORN = (("__start__", "{}:mapping"), ("__start__", "{}:sequence"), ("__end__", "{}:x"))

texts = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.text(max_size=30),
    st.text(st.characters(categories=["Nd", "No", "Nl"]), min_size=1, max_size=12),
    st.text("0123456789.,-+ eE_kr", min_size=1, max_size=14),
)
"""One typed text."""


def input_names(sample: KindSample) -> tuple[str, ...]:
    """The names of the inputs that the bench's answers are typed in."""
    every = [*sample.sent("filled"), *sample.sent("error")]
    return tuple(dict.fromkeys(name for name, _ in every))


def odd_pairs(
    names: Sequence[str], known: Sequence[str] = (), right: Pairs = ()
) -> st.SearchStrategy[Pairs]:
    """Pairs under these names, under names near them, some twice, in any order.

    :param known: texts that mean something there
    :param right: an answer that is right; sometimes sent along, whole, in its rows or in others
    """
    near = [one for name in names for one in _near(name)]
    roots = tuple(dict.fromkeys(name.partition(".")[0] for name in names))
    marks = [(key, word.format(root)) for key, word in _PEPPERCORN for root in roots]
    typed = st.one_of(texts, st.sampled_from(list(known) or [""]))
    pair = st.one_of(
        st.tuples(st.sampled_from(list(names)), typed),
        st.tuples(st.sampled_from(list(names)), typed),
        st.tuples(st.sampled_from(near), typed),
        st.tuples(st.sampled_from(_MARKS), st.one_of(typed, st.sampled_from(near))),
        st.sampled_from(marks),
    ).map(lambda one: (one,))
    if not right:
        return _joined(pair)
    rows = [renumbered(right, number) for number in ODD_NUMBERS]
    return _joined(st.one_of(pair, pair, st.sampled_from([right, *rows])))


def buttons(names: Sequence[str]) -> st.SearchStrategy[str]:
    """What a button of these fields could say, and what none does."""
    roots = [*dict.fromkeys(name.partition(".")[0] for name in names), *names, ""]
    argument = st.one_of(st.sampled_from(ODD_NUMBERS), texts)
    said = st.tuples(st.sampled_from(roots), st.sampled_from(_VERBS), argument).map(":".join)
    return st.one_of(
        said,
        said,
        st.tuples(st.sampled_from(roots), st.sampled_from(_VERBS)).map(":".join),
        said.map(lambda one: f"{one}:{one}"),
        texts,
    )


def renumbered(pairs: Pairs, number: str) -> Pairs:
    """A row under another number; what has no number stays as it is."""
    return tuple((".".join(_with_number(name, number)), text) for name, text in pairs)


def _near(name: str) -> Iterator[str]:
    root = name.partition(".")[0]
    yield from (f"{root}{end}" for end in _ENDS)
    yield f"{name}.{name}"
    if root != name:
        yield from (".".join(_with_number(name, number)) for number in ODD_NUMBERS)


def _with_number(name: str, number: str) -> Iterator[str]:
    return (number if segment.isdigit() else segment for segment in name.split("."))


def _joined(some: st.SearchStrategy[Pairs]) -> st.SearchStrategy[Pairs]:
    return st.lists(some, max_size=8).map(lambda found: tuple(chain.from_iterable(found)))


def encoded(pairs: Pairs) -> bytes:
    """As a browser would encode them; what UTF-8 cannot hold stands there all the same."""
    return urlencode(pairs, errors="surrogatepass").encode("ascii")


def odd_bodies(name: str) -> tuple[tuple[str, bytes, str], ...]:
    """Bodies that are no good form: what they are called, the bytes, and the type they claim."""
    form, word = "application/x-www-form-urlencoded", quote_plus(name).encode()
    parts = b'--x\r\nContent-Disposition: form-data; name="' + word + b'"\r\n\r\n7\r\n--x--\r\n'
    return (
        ("a million fields", b"a=&" * 1_000_000, form),
        ("a million fields of one name", (word + b"=1&") * 100_000, form),
        ("a megabyte in a name", b"a" * 1_000_000 + b"=1", form),
        ("a megabyte in a value", word + b"=" + b"1" * 1_000_000, form),
        ("a deep name", b"a" + b".a" * 20_000 + b"=1", form),
        ("many levels", b"__start__=a:mapping&" * 400, form),
        ("a bare percent sign", word + b"=%", form),
        ("a broken code", word + b"=%zz", form),
        ("latin-1", word + b"=%E6%F8%E5", form),
        ("latin-1, raw", word + b"=\xe6\xf8\xe5", form),
        ("a lone surrogate", word + b"=%ED%A0%80", form),
        ("an overlong slash", word + b"=%C0%AF", form),
        ("UTF-16", f"{name}=7".encode("utf-16"), form),
        ("another charset", word + b"=%E6", f"{form}; charset=iso-8859-1"),
        ("a charset of no name", word + b"=7", f"{form}; charset=nothing-of-the-sort"),
        ("a null character", word + b"=a%00b", form),
        ("a null character in a name", word + b"%00=a", form),
        ("semicolons", word + b"=1;" + word + b"=2", form),
        ("no names", b"=&=1&==&&&", form),
        ("parts", parts, "multipart/form-data; boundary=x"),
        ("parts without an end", parts[:-7], "multipart/form-data; boundary=x"),
        ("parts without a boundary", parts, "multipart/form-data"),
        ("JSON", b'{"' + word + b'": 7}', "application/json"),
        ("text", word + b"=7", "text/plain"),
        ("no type", word + b"=7", ""),
        ("nothing", b"", form),
    )
