"""Files of every kind that a citizen can send, and some that nobody should."""

from __future__ import annotations

import functools
import io
import struct
import zipfile
import zlib

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
LOCKED_PDF = PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 2 0 R")
JPG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00\xff\xd9"
)
TEXT = "Hej, æøå\r\nNæste linje\n".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
LOCKED_OFFICE = OLE + "EncryptedPackage".encode("utf-16-le")
MACROS = "word/vbaProject.bin"


def png(width: int = 3, height: int = 2) -> bytes:
    """A picture that says it is so large."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + header
        + struct.pack(">I", zlib.crc32(header))
    )


def heic(width: int = 3, height: int = 2) -> bytes:
    """The beginning of a picture of a telephone."""
    size = struct.pack(">IIII", 20, 0x69737065, 0, width) + struct.pack(">I", height)
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + size


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive with these files in this order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


def docx(**more: bytes) -> bytes:
    """A document of Word, with more files in it."""
    names = {name.replace("__", "/"): content for name, content in more.items()}
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **names})


def crowded(files: int) -> bytes:
    """An archive that is hardly more than a directory of so many files."""
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, *[0] * 7, 1, *[0] * 6) + b"a"
    told = min(files, 0xFFFF)
    length = files * len(entry)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, told, told, length, len(local), 0)
    return local + files * entry + end


def odt(mimetype: bytes = b"application/vnd.oasis.opendocument.text") -> bytes:
    """A document of LibreOffice."""
    return archive({"mimetype": mimetype, "content.xml": b"<office/>"}, zipfile.ZIP_STORED)


@functools.cache
def bomb(megabytes: int = 200) -> bytes:
    """An archive of some kilobytes that is so large when it is unpacked."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"<w/>")
        with packed.open("zeros", "w") as file:
            for _ in range(megabytes):
                file.write(bytes(1_000_000))
    return made.getvalue()


@functools.cache
def lying_bomb(megabytes: int = 200) -> bytes:
    """The same, and its directory says that it is small."""
    whole = bytearray(bomb(megabytes))
    real, told = struct.pack("<I", megabytes * 1_000_000), struct.pack("<I", 1000)
    assert real in whole
    return bytes(whole.replace(real, told))
