"""What a file is, read from its content: never from its name nor from what the browser says. Plain Python.

Accepted: PDF, JPEG, PNG, WebP, DOCX and ODT. Everything a browser would run (HTML, SVG, scripts), plain text,
archives, macros and files that are two things at once are refused.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

# The limits of every upload, in one place.
LARGEST_FILE = 10 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes, all the parts of a document together
MOST_PARTS = 2_000
HIGHEST_RATIO = 200  # unpacked / packed

PDF, JPEG, PNG, WEBP = "application/pdf", "image/jpeg", "image/png", "image/webp"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
ZIP_SIGNATURE = b"PK\x03\x04"
ENCRYPTED = 0x1
# What no image or PDF header has a reason to hold.
MARKUP = (b"<script", b"<html", b"<svg", b"<?php", b"<!doctype")
HEAD = 4096
RUNNABLE = (
    ".exe",
    ".dll",
    ".com",
    ".scr",
    ".js",
    ".vbs",
    ".bat",
    ".cmd",
    ".ps1",
    ".jar",
    ".hta",
    ".sh",
    ".html",
    ".svg",
)
ACTIVE_PARTS = ("vbaproject.bin", "vbadata.xml", "activex", "basic/", "scripts/", "macrosheets")


class FileFault(StrEnum):
    """Why a file is not kept."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"
    MACROS = "macros"
    BOMB = "bomb"
    DAMAGED = "damaged"
    DOUBLE = "double"


@dataclass(frozen=True, slots=True)
class FileType:
    """What a file is: the type a browser is told, and the end of its name."""

    content_type: str
    extension: str


EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png", WEBP: "webp", DOCX: "docx", ODT: "odt"}


def recognise(content: bytes) -> FileType | FileFault:
    """Return what ``content`` is, or why it is refused. Never raises, whatever the bytes; never unpacks them."""
    if not content:
        return FileFault.EMPTY
    if len(content) > LARGEST_FILE:
        return FileFault.TOO_LARGE
    if content.startswith(ZIP_SIGNATURE):
        return _recognise_package(content)
    kind = _picture_or_pdf(content)
    if kind is None:
        return FileFault.UNKNOWN
    head = content[:HEAD].lower()
    if any(tag in head for tag in MARKUP) or zipfile.is_zipfile(io.BytesIO(content)):
        return FileFault.DOUBLE
    return FileType(kind, EXTENSIONS[kind]) if _is_whole(kind, content) else FileFault.DAMAGED


def extension_of(content_type: str) -> str:
    """Return the end of the name of a file kept under this type."""
    return EXTENSIONS[content_type]


def _picture_or_pdf(content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(PNG_SIGNATURE):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    return None


def _is_whole(kind: str, content: bytes) -> bool:
    if kind == PDF:
        return b"%%EOF" in content[-2048:]
    if kind == JPEG:
        return b"\xff\xd9" in content[4:]
    if kind == PNG:
        return content[12:16] == b"IHDR" and b"IEND" in content[16:]
    return len(content) >= 20 and struct.unpack("<I", content[4:8])[0] <= len(content) - 8


def _recognise_package(content: bytes) -> FileType | FileFault:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _judge_package(package, len(content))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, KeyError):
        return FileFault.DAMAGED
    except (struct.error, zlib.error, OverflowError, IndexError):
        return FileFault.DAMAGED


def _judge_package(package: zipfile.ZipFile, size: int) -> FileType | FileFault:
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    kind = _kind_of_package(package, parts)
    if isinstance(kind, FileFault):
        return kind
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    # Parts that overlap claim together more than the file holds.
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or packed > size:
        return FileFault.BOMB
    if any(part.file_size > HIGHEST_RATIO * max(part.compress_size, 1024) for part in parts):
        return FileFault.BOMB
    if any(active in name for name in names for active in ACTIVE_PARTS):
        return FileFault.MACROS
    if any(name.endswith(RUNNABLE) or name.startswith("/") or ".." in name.split("/") for name in names):
        return FileFault.DOUBLE
    if any(part.flag_bits & ENCRYPTED for part in parts):
        return FileFault.DAMAGED
    return FileType(kind, EXTENSIONS[kind])


def _kind_of_package(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str | FileFault:
    by_name = {part.filename: part for part in parts}
    if len(by_name) != len(parts):
        return FileFault.DOUBLE
    if "[Content_Types].xml" in by_name and "word/document.xml" in by_name:
        types = _read(package, by_name["[Content_Types].xml"]).lower()
        return FileFault.MACROS if b"macroenabled" in types else DOCX
    if "mimetype" in by_name and "content.xml" in by_name:
        return ODT if _read(package, by_name["mimetype"]).strip() == ODT.encode() else FileFault.UNKNOWN
    return FileFault.UNKNOWN


def _read(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with package.open(part) as stream:
        return stream.read(65_536)
