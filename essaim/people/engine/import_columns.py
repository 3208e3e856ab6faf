"""Which column of a file is which field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from essaim.people.engine.import_rows import REQUIRED, ImportField, RowFault
from essaim.people.engine.import_words import SYNONYMS, fold


class ColumnsError(ValueError):
    """The columns cannot be read so. ``faults`` name each column and why."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = list(faults)


def columns_digest(headings: Sequence[str]) -> str:
    """Return what recognises a file with these columns, whatever their case and accents."""
    return hashlib.sha256(json.dumps([fold(heading) for heading in headings]).encode()).hexdigest()


def guess_columns(headings: Sequence[str]) -> list[str]:
    """Propose a field for each heading that goes by a usual name, "" for the others; each field once."""
    folded = [fold(heading) for heading in headings]
    guessed = [""] * len(headings)
    for field in ImportField:
        for name in (fold(field.value), *SYNONYMS[field.value]):
            free = (index for index, heading in enumerate(folded) if heading == name and not guessed[index])
            index = next(free, None)
            if index is not None:
                guessed[index] = field.value
                break
    return guessed


def place_chosen(headings: Sequence[str], fields: Sequence[str]) -> dict[ImportField, int]:
    """Return the place of each field, ``fields`` giving that of each column in order, "" to leave it aside.

    Raises ColumnsError as ``place_fields``.
    """
    known = {field.value for field in ImportField}
    places: dict[ImportField, list[int]] = {}
    for index, field in enumerate(fields[: len(headings)]):
        if field in known:
            places.setdefault(ImportField(field), []).append(index)
    return _one_each(headings, places, [])


def place_fields(headings: Sequence[str], mapping: Mapping[str, str] | None = None) -> dict[ImportField, int]:
    """Return the place of each field among the headings.

    ``mapping`` gives the field of some columns ("" leaves one aside); the others go by their default name,
    unless another column has that field. Raises ColumnsError: a column of the mapping that the file has not, an
    unknown field, two columns for a field, no column for the name or the first name.
    """
    mapping = {fold(column): field for column, field in (mapping or {}).items()}
    folded, defaults = [fold(heading) for heading in headings], {fold(field.value): field for field in ImportField}
    faults = [
        RowFault(column, "Cette colonne n’est pas dans le fichier.") for column in mapping if column not in folded
    ]
    known = {field.value for field in ImportField}
    faults += [
        RowFault(column, f"Champ inconnu : « {field[:40]} ».")
        for column, field in mapping.items()
        if field and field not in known
    ]
    places: dict[ImportField, list[int]] = {}
    for index, name in enumerate(folded):
        if mapping.get(name) in known:
            places.setdefault(ImportField(mapping[name]), []).append(index)
    chosen = set(places)
    for index, name in enumerate(folded):
        if name not in mapping and name in defaults and defaults[name] not in chosen:
            places.setdefault(defaults[name], []).append(index)
    return _one_each(headings, places, faults)


def _one_each(
    headings: Sequence[str], places: Mapping[ImportField, Sequence[int]], faults: Sequence[RowFault]
) -> dict[ImportField, int]:
    twice = [
        RowFault(headings[indexes[1]], f"Deux colonnes donnent le même champ : {field.value}.")
        for field, indexes in places.items()
        if len(indexes) > 1
    ]
    missing = [
        RowFault(field.value, f"Il manque la colonne {field.value}.") for field in REQUIRED if field not in places
    ]
    if faults := [*faults, *twice, *missing]:
        raise ColumnsError(faults)
    return {field: indexes[0] for field, indexes in places.items()}
