"""Make ``communes.csv.gz`` again from a newer ``communes.json`` (see README.md in this folder).

Usage: ``python -m essaim.directory.data.refresh_communes path/to/communes.json``
"""

import csv
import gzip
import io
import sys
from pathlib import Path

from essaim.directory.engine.communes import read_communes

TARGET = Path(__file__).resolve().parent / "communes.csv.gz"


def main() -> int:
    """Write the extract and return 0, or print the faults of the source and return 1."""
    communes, faults = read_communes(Path(sys.argv[1]).read_bytes())
    if faults:
        for fault in faults:
            sys.stderr.write(f"{fault.line}\t{fault.column}\t{fault.message}\n")
        return 1
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["code", "nom", "codesPostaux", "departement", "region"])
    for row in sorted(communes, key=lambda row: row.code):
        writer.writerow([row.code, row.name, " ".join(row.postcodes), row.department, row.region])
    TARGET.write_bytes(gzip.compress(out.getvalue().encode(), mtime=0))
    sys.stdout.write(f"{len(communes)} communes, {TARGET.stat().st_size} octets\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
