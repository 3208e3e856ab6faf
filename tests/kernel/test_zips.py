"""A ZIP made as it is sent."""

import csv
import hashlib
import io
import zipfile

from essaim.kernel.zips import MANIFEST, stream_zip


def gone() -> bytes:
    raise FileNotFoundError


def test_the_archive_holds_its_entries_and_a_manifest_that_checks():
    read = []
    entries = [("un/deux.txt", lambda: read.append(1) or b"abc"), ("perdu.pdf", gone), ("été.bin", lambda: b"\x00" * 9)]
    parts = stream_zip(iter(entries))
    first = next(parts)
    assert first.startswith(b"PK") and read == [1]
    archive = zipfile.ZipFile(io.BytesIO(first + b"".join(parts)))
    assert archive.testzip() is None
    assert archive.namelist() == ["un/deux.txt", "été.bin", MANIFEST]
    rows = list(csv.reader(io.StringIO(archive.read(MANIFEST).decode("utf-8-sig")), delimiter=";"))
    assert rows[1:] == [
        ["un/deux.txt", "3", hashlib.sha256(b"abc").hexdigest()],
        ["perdu.pdf", "", "introuvable"],
        ["été.bin", "9", hashlib.sha256(b"\x00" * 9).hexdigest()],
    ]


def test_an_empty_archive_is_still_one():
    archive = zipfile.ZipFile(io.BytesIO(b"".join(stream_zip([]))))
    assert archive.namelist() == [MANIFEST]
