"""What the header of a journal says of an organisation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeclaredOrganisation:
    """An organisation as the header of a journal declares it (FACTS §1)."""

    ref: str
    name: str
    kind: str
    siret: str = ""
    sector: str = ""
    zones: tuple[str, ...] = ()
