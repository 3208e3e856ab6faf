"""What an import of a reference list did."""

from dataclasses import dataclass, field

from essaim.kernel.engine.sheets import SheetFault


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. With ``errors`` nothing was written and the three counts are 0."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[SheetFault] = field(default_factory=list)
