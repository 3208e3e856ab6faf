"""What a file is, from its bytes alone."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.people.engine import filetypes
from essaim.people.engine.filetypes import DOCX, JPEG, LARGEST_FILE, ODT, PDF, PNG, WEBP, FileFault, FileType, recognise

A_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
A_JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


A_PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
A_WEBP = b"RIFF" + struct.pack("<I", 20) + b"WEBPVP8 " + struct.pack("<I", 8) + bytes(8)


def package(parts: dict[str, bytes], *, compression=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **more})


def odt(**more: bytes) -> bytes:
    return package({"mimetype": ODT.encode(), "content.xml": b"<office/>", **more})


@pytest.mark.parametrize(
    ("content", "kind", "extension"),
    [
        (A_PDF, PDF, "pdf"),
        (A_JPEG, JPEG, "jpg"),
        (A_PNG, PNG, "png"),
        (A_WEBP, WEBP, "webp"),
        (docx(), DOCX, "docx"),
        (odt(), ODT, "odt"),
    ],
)
def test_what_is_kept(content, kind, extension):
    assert recognise(content) == FileType(kind, extension)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"MZ\x90\x00" + bytes(200), FileFault.UNKNOWN),
        (b"\x7fELF" + bytes(60), FileFault.UNKNOWN),
        (b"Bonjour, voici mon CV.", FileFault.UNKNOWN),
        (b"<html><script>alert(1)</script></html>", FileFault.UNKNOWN),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', FileFault.UNKNOWN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), FileFault.UNKNOWN),
        (b"GIF89a" + bytes(60), FileFault.UNKNOWN),
        (b" " + A_PDF, FileFault.UNKNOWN),
        (A_PDF[:20], FileFault.DAMAGED),
        (A_PNG[:30], FileFault.DAMAGED),
        (A_WEBP[:14], FileFault.DAMAGED),
        (A_PDF.replace(b"<<>>", b"<script>alert(1)</script>"), FileFault.DOUBLE),
        (A_JPEG.replace(b"JFIF", b"JFIF<?php system($_GET[0]) ?>"), FileFault.DOUBLE),
        (A_PDF + package({"x": b"y"}), FileFault.DOUBLE),
        (A_PNG + package({"x": b"y"}), FileFault.DOUBLE),
        (package({"x.txt": b"archive"}), FileFault.UNKNOWN),
        (package({"xl/workbook.xml": b"", "[Content_Types].xml": b""}), FileFault.UNKNOWN),
        (package({"mimetype": b"application/epub+zip", "content.xml": b""}), FileFault.UNKNOWN),
        (docx(**{"word/vbaProject.bin": b"macro"}), FileFault.MACROS),
        (docx(**{"word/activeX/activeX1.xml": b""}), FileFault.MACROS),
        (odt(**{"Basic/Standard/Module1.xml": b"Sub Main"}), FileFault.MACROS),
        (
            package(
                {
                    "[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml",
                    "word/document.xml": b"",
                }
            ),
            FileFault.MACROS,
        ),
        (docx(**{"word/embeddings/setup.exe": b"MZ"}), FileFault.DOUBLE),
        (docx(**{"../../etc/passwd": b""}), FileFault.DOUBLE),
        (docx()[:-30], FileFault.DAMAGED),
        (docx(**{"word/media/zeros.bin": bytes(50 * 1024 * 1024)}), FileFault.BOMB),
    ],
)
def test_what_is_refused(content, fault):
    assert recognise(content) is fault


def test_a_file_too_large_is_not_even_looked_at():
    assert recognise(A_PDF.ljust(LARGEST_FILE + 1, b" ")) is FileFault.TOO_LARGE


def test_many_small_parts_are_a_bomb(monkeypatch):
    monkeypatch.setattr(filetypes, "MOST_PARTS", 5)
    assert recognise(docx(**{f"word/media/{n}.png": b"x" for n in range(6)})) is FileFault.BOMB


def test_the_declared_sizes_are_summed_without_unpacking(monkeypatch):
    monkeypatch.setattr(filetypes, "LARGEST_UNPACKED", 1000)
    assert recognise(docx(**{"word/media/a": bytes(600), "word/media/b": bytes(600)})) is FileFault.BOMB


@given(st.binary(max_size=400))
def test_no_bytes_break_it(content):
    assert isinstance(recognise(content), FileType | FileFault)


@given(st.sampled_from([A_PDF, A_PNG, A_JPEG, A_WEBP, docx(), odt()]), st.binary(max_size=40), st.integers(0, 400))
def test_no_damage_breaks_it(content, noise, place):
    damaged = content[:place] + noise + content[place + len(noise) :]
    assert isinstance(recognise(damaged), FileType | FileFault)
