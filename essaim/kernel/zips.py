"""A ZIP sent as it is made: one entry after the other, nothing kept on disk, a manifest at the end."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator

Entry = tuple[str, Callable[[], bytes]]
MANIFEST = "manifeste.csv"
MISSING = "introuvable"


class _Pipe(io.RawIOBase):
    """What the archive writes, taken away as it comes."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        written = bytes(data)  # type: ignore[call-overload]
        self._waiting += written
        return len(written)

    def take(self) -> bytes:
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


def stream_zip(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield a ZIP of these (name, content) entries, and a manifest: name, size and SHA-256 of each.

    A content is asked for when its turn comes, and forgotten after; one whose file is not in the storage any more is
    left out and said so in the manifest. Reads no database: what runs after the view has no transaction.
    """
    pipe = _Pipe()
    listed: list[tuple[str, str, str]] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, read in entries:
            try:
                content = read()
            except FileNotFoundError:
                listed.append((name, "", MISSING))
                continue
            archive.writestr(name, content)
            listed.append((name, str(len(content)), hashlib.sha256(content).hexdigest()))
            yield pipe.take()
        archive.writestr(MANIFEST, _manifest(listed))
    yield pipe.take()


def _manifest(listed: list[tuple[str, str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Fichier", "Octets", "SHA-256"])
    writer.writerows(listed)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
