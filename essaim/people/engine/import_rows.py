"""A row of a file of people, read: the values it gives, or each cell that cannot be kept and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from essaim.kernel.engine.phones import read_phone
from essaim.people.engine.ages import OLDEST_BIRTH_YEAR
from essaim.people.engine.import_words import LEVELS, MONTHS, SEXES, fold


class ImportField(StrEnum):
    """What a column may hold; the values are the default names of the columns."""

    LAST_NAME = "nom"
    FIRST_NAME = "prenom"
    BIRTH_DATE = "date_naissance"
    SEX = "sexe"
    PHONE = "telephone"
    EMAIL = "courriel"
    ADDRESS = "adresse"
    POSTCODE = "code_postal"
    COMMUNE = "commune"
    LEVEL = "niveau"
    IDENTIFIER = "identifiant_externe"


REQUIRED = (ImportField.LAST_NAME, ImportField.FIRST_NAME)
LONGEST = {
    ImportField.LAST_NAME: 80,
    ImportField.FIRST_NAME: 80,
    ImportField.EMAIL: 254,
    ImportField.ADDRESS: 250,
    ImportField.IDENTIFIER: 64,
}
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})(?: 00:00(?::00)?)?")
_WORDED_DAY = re.compile(r"([0-9]{1,2})(?:er)? ([a-z]+) ([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.\- ][0-9]{1,2}[/.\- ][0-9]{2}")


class CellError(ValueError):
    """A cell that cannot be kept: the message says why and what to write."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is refused: the field at fault, "" for the whole row."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class RowValues:
    """What a row gives; empty or None where it says nothing. ``commune`` is as written."""

    last_name: str
    first_name: str
    birth_date: date | None = None
    sex: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    commune: str = ""
    level: int | None = None
    identifier: str = ""


def read_row(
    cells: Mapping[ImportField, str], *, today: date, is_email: Callable[[str], bool]
) -> tuple[RowValues | None, list[RowFault]]:
    """Read one row. Returns its values, or None with a fault for each cell that cannot be kept."""
    faults: list[RowFault] = []

    def read(field: ImportField, how: Callable[[str], object]) -> object:
        text = tidy(cells.get(field, ""))
        try:
            if len(text) > LONGEST.get(field, 250):
                raise CellError(f"Trop long : {LONGEST.get(field, 250)} caractères au plus.")
            return how(text)
        except CellError as fault:
            faults.append(RowFault(field.value, str(fault)))
            return None

    values = {
        "last_name": read(ImportField.LAST_NAME, lambda text: read_name(text, "Le nom")),
        "first_name": read(ImportField.FIRST_NAME, lambda text: read_name(text, "Le prénom")),
        "birth_date": read(ImportField.BIRTH_DATE, lambda text: read_birth_date(text, today)),
        "sex": read(ImportField.SEX, read_sex),
        "phone": read(ImportField.PHONE, read_telephone),
        "email": read(ImportField.EMAIL, lambda text: read_email(text, is_email)),
        "address": read(ImportField.ADDRESS, str),
        "postcode": read(ImportField.POSTCODE, read_postcode),
        "commune": read(ImportField.COMMUNE, str),
        "level": read(ImportField.LEVEL, read_level),
        "identifier": read(ImportField.IDENTIFIER, str),
    }
    return (None, faults) if faults else (RowValues(**values), [])  # type: ignore[arg-type]


def tidy(text: str) -> str:
    """Return a text with composed accents, single spaces, and no control character."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if mark in "\n\r\t" else mark
        for mark in composed
        if mark in "\n\r\t" or mark.isprintable() or mark.isspace()
    )
    return " ".join(kept.split())


def read_name(text: str, what: str) -> str:
    """Return a name that holds at least one letter. Raises CellError."""
    if not text:
        raise CellError(f"{what} manque.")
    if not any(mark.isalpha() for mark in text):
        raise CellError(f"{what} ne contient aucune lettre.")
    return text


def read_birth_date(text: str, today: date) -> date | None:
    """Return the day written the French way, in words or ISO; None when empty. Raises CellError."""
    if not text:
        return None
    day = _day_of(fold(text, keep="/.-: "), text)
    if day > today:
        raise CellError("La date de naissance est dans l’avenir.")
    if day.year < OLDEST_BIRTH_YEAR:
        raise CellError("L’année de naissance est antérieure à 1900.")
    return day


def _day_of(folded: str, text: str) -> date:
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _FRENCH_DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _WORDED_DAY.fullmatch(folded)) and found[2] in MONTHS:
        day, month, year = int(found[1]), MONTHS[found[2]], int(found[3])
    elif _SHORT_YEAR.fullmatch(text):
        raise CellError("L’année doit avoir quatre chiffres : 28/02/2004.")
    else:
        raise CellError("Ce n’est pas une date. Écrivez jour, mois, année : 28/02/2004.")
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("Ce jour n’existe pas. Écrivez jour, mois, année : 28/02/2004.") from None


def read_sex(text: str) -> str:
    """Return the code of a sex written in any usual way, "" when empty. Raises CellError."""
    found = SEXES.get(fold(text))
    if text and found is None:
        raise CellError("Sexe inconnu : écrivez F, H ou autre.")
    return found or ""


def read_level(text: str) -> int | None:
    """Return the level from 1 to 8 (2019) written in either numbering or as a diploma; None when empty.

    Roman numerals are the older numbering: V is level 3. Raises CellError.
    """
    if not text:
        return None
    folded = fold(text, keep="+")
    folded = re.sub(r"^(niveau|niv|level) ", "", folded)
    if found := re.fullmatch(r"([1-8])(?: .*)?", folded):
        return int(found[1])
    level = LEVELS.get(folded.replace(" + ", "+").replace("+ ", "+").replace(" +", "+"))
    if level is None:
        raise CellError("Niveau inconnu : écrivez 1 à 8, l’ancien chiffre romain (V, IV…) ou le diplôme (CAP, bac…).")
    return level


def read_telephone(text: str) -> str:
    """Return an international number, "" when empty; a spreadsheet's lost first zero is put back. Raises
    CellError.
    """
    bare = re.sub(r"[\s.\-]", "", text)
    try:
        return read_phone(f"0{bare}" if re.fullmatch(r"[1-9][0-9]{8}", bare) else text)
    except ValueError:
        raise CellError("Numéro incomplet : dix chiffres, ou avec l’indicatif (+32 470 12 34 56).") from None


def read_email(text: str, is_email: Callable[[str], bool]) -> str:
    """Return an address in lower case, "" when empty. Raises CellError."""
    text = text.lower()
    if text and not is_email(text):
        raise CellError("Adresse électronique incomplète. Exemple : prenom.nom@exemple.fr")
    return text


def read_postcode(text: str) -> str:
    """Return five digits, "" when empty; a spreadsheet's lost first zero is put back. Raises CellError."""
    bare = text.replace(" ", "")
    if re.fullmatch(r"[0-9]{4}", bare):
        bare = f"0{bare}"
    if bare and not re.fullmatch(r"[0-9]{5}", bare):
        raise CellError("Un code postal compte cinq chiffres.")
    return bare
