"""Is this fact well formed? The checks of FACTS §7 that need one line and the declared refs, in its order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from essaim.journal.engine.content import digest
from essaim.journal.engine.faults import FaultError
from essaim.journal.engine.moments import parse_date, parse_moment
from essaim.journal.engine.schema import Field, Kind, load_schema

SCHEMA = load_schema()
_IS_REFERENCE = SCHEMA.reference.fullmatch
_COMMON = frozenset(SCHEMA.common)
_REFERENCES = tuple(key for key, kind in SCHEMA.common.items() if kind in {"ref", "label"})
_TEXTS = ("kind", "at", "source")
_VOID = {"void": True}
# More digits than this are no measure of anything, and more than a database number holds.
_MAX_DIGITS = 1000


class Refs(Protocol):
    """What the facts of a journal may refer to."""

    def has_action(self, ref: str) -> bool:
        """Say whether an action of a journal (not of the instance itself) is declared under this ref."""

    def is_local_action(self, ref: str) -> bool:
        """Say whether the ref is that of an action run in the instance itself."""

    def has_organisation(self, ref: str) -> bool:
        """Say whether an organisation is declared under this ref."""

    def action_of_session(self, ref: str) -> str | None:
        """Return the ref of the action of a declared session, or None when the session is unknown."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A valid fact: its content as written, its moment, its Paris day and the digest of its content."""

    content: dict[str, Any]
    at: datetime
    day: date
    is_void: bool
    digest: UUID


def check_fact(content: dict[str, Any], refs: Refs) -> Checked:
    """Return the fact read and dated; raise FaultError with the first code of FACTS §7 that applies."""
    _check_form(content)
    moment, day = _read_at(content["at"])
    _check_action(content["action"], refs)
    if not _cancels(content):
        _check_refs(content, refs)
    if content["source"] not in SCHEMA.sources:
        raise FaultError("E_SOURCE", f"source « {content['source']} » inconnue : declared ou verified")
    is_void = _check_void(content)
    if not is_void:
        check_data(SCHEMA.kinds[content["kind"]], content, day)
    return Checked(content, moment, day, is_void, digest(content))


def check_data(kind: Kind, content: Mapping[str, Any], day: date) -> None:
    """Check the needs of the kind and the fields of ``data``; raise FaultError. The content is well formed."""
    _check_needs(kind, content)
    data = content["data"]
    unknown = data.keys() - kind.fields.keys()
    if unknown:
        raise FaultError("E_FIELD_UNKNOWN", f"champ de data inconnu pour {kind.key} : {_names(unknown)}")
    missing = kind.required - data.keys()
    if missing:
        raise FaultError("E_FIELD_MISSING", f"champ de data manquant pour {kind.key} : {_names(missing)}")
    _check_values(kind, data)
    _check_together(kind, data, day)


def _check_form(content: dict[str, Any]) -> None:
    keys = content.keys()
    if not keys <= _COMMON:
        raise FaultError("E_KEY_UNKNOWN", f"clé inconnue : {_names(keys - _COMMON)}")
    if not SCHEMA.common_required <= keys:
        raise FaultError("E_KEY_MISSING", f"clé manquante : {_names(SCHEMA.common_required - keys)}")
    for key in _REFERENCES:
        if key in content:
            check_reference(key, content[key])
    for key in _TEXTS:
        if not isinstance(content[key], str):
            raise FaultError("E_TYPE", f"{key} : un texte est attendu")
    if not isinstance(content["data"], dict):
        raise FaultError("E_TYPE", "data : un objet est attendu")
    if content["kind"] not in SCHEMA.kinds:
        raise FaultError("E_KIND", f"nature de fait inconnue : « {content['kind'][:80]} »")


def check_reference(key: str, value: object) -> None:
    """Raise FaultError E_REF when ``value`` is not a reference or label (FACTS §2); anything but a text is not one."""
    if not isinstance(value, str) or _IS_REFERENCE(value) is None:
        raise FaultError(
            "E_REF",
            f"{key} : une référence commence par une lettre ou un chiffre et tient en 64 caractères "
            "(lettres sans accent, chiffres et . _ : -)",
        )


def _read_at(text: str) -> tuple[datetime, date]:
    try:
        return parse_moment(text)
    except ValueError:
        raise FaultError("E_DATE", f"at : « {text[:80]} » n’est pas une date ou un moment de 1900 à 2100") from None


def _check_action(action: str, refs: Refs) -> None:
    if not refs.has_action(action):
        if refs.is_local_action(action):
            raise FaultError("E_ACTION", f"l’action « {action} » est menée ici : un import n’y ajoute rien")
        raise FaultError("E_ACTION", f"action « {action} » inconnue : aucun en-tête ne la déclare")


def _check_refs(content: dict[str, Any], refs: Refs) -> None:
    organisation = content.get("organisation")
    if organisation is not None and not refs.has_organisation(organisation):
        raise FaultError("E_ORGANISATION", f"organisation « {organisation} » inconnue : aucun en-tête ne la déclare")
    session = content.get("session")
    if session is not None:
        owner = refs.action_of_session(session)
        if owner is None:
            raise FaultError("E_SESSION", f"séance « {session} » inconnue : aucun en-tête ne la déclare")
        if owner != content["action"]:
            raise FaultError("E_SESSION_ACTION", f"la séance « {session} » est celle de l’action « {owner} »")


def _cancels(content: dict[str, Any]) -> bool:
    """Say whether it is a well-written void: its other optional keys are ignored (FACTS §4)."""
    return content["data"] == _VOID and content["data"]["void"] is True and "corrects" in content


def _check_void(content: dict[str, Any]) -> bool:
    data = content["data"]
    if "void" not in data:
        return False
    if not _cancels(content):
        raise FaultError(
            "E_VOID", 'une annulation s’écrit "data": {"void": true} et nomme dans corrects le fait annulé'
        )
    return True


def _check_needs(kind: Kind, content: Mapping[str, Any]) -> None:
    for key in kind.needs:
        if key not in content:
            raise FaultError("E_NEEDS", f"{kind.key} demande {key}")
    if kind.needs_one_of and not any(key in content for key in kind.needs_one_of):
        raise FaultError("E_NEEDS", f"{kind.key} demande {' ou '.join(kind.needs_one_of)}")
    for key in kind.forbids:
        if key in content:
            raise FaultError("E_FORBIDDEN", f"{kind.key} ne se rapporte pas à {key}")


def _check_values(kind: Kind, data: Mapping[str, Any]) -> None:
    first: FaultError | None = None
    for name, value in data.items():
        fault = _CHECKS[kind.fields[name].type](kind.fields[name], value)
        if fault and (first is None or _RANK[fault.code] < _RANK[first.code]):
            first = fault
    if first:
        raise first


def _check_together(kind: Kind, data: Mapping[str, Any], day: date) -> None:
    for name, field in kind.fields.items():
        if field.required_if and name not in data and data.get(field.required_if[0]) in field.required_if[1]:
            other = field.required_if[0]
            raise FaultError("E_FIELD_MISSING", f"{name} manquant : il est demandé quand {other} vaut {data[other]}")
    if "starts" in data and "ends" in data and data["ends"] < data["starts"]:
        raise FaultError("E_ORDER", "ends est avant starts")
    if "birth_date" in data and data["birth_date"] > day.isoformat():
        raise FaultError("E_RANGE", "birth_date : née après le jour du fait")


_RANK = {code: rank for rank, code in enumerate(("E_FIELD_TYPE", "E_REF", "E_DATE", "E_ENUM", "E_RANGE"))}


def _type_fault(field: Field, expected: str) -> FaultError:
    return FaultError("E_FIELD_TYPE", f"{field.name} : {expected}")


def _ref(field: Field, value: object) -> FaultError | None:
    if not isinstance(value, str):
        return _type_fault(field, "une référence est attendue")
    if _IS_REFERENCE(value) is None:
        return FaultError("E_REF", f"{field.name} : « {value[:80]} » n’est pas une référence")
    return None


def _text(field: Field, value: object) -> FaultError | None:
    if not isinstance(value, str):
        return _type_fault(field, "un texte est attendu")
    if len(value) > SCHEMA.text_max:
        return _type_fault(field, f"{SCHEMA.text_max} caractères au plus")
    return None


def _date(field: Field, value: object) -> FaultError | None:
    if not isinstance(value, str):
        return _type_fault(field, "une date est attendue")
    try:
        parse_date(value)
    except ValueError:
        return FaultError("E_DATE", f"{field.name} : « {value[:80]} » n’est pas une date de 1900 à 2100")
    return None


def _boolean(field: Field, value: object) -> FaultError | None:
    return None if isinstance(value, bool) else _type_fault(field, "true ou false est attendu")


def _number(field: Field, value: object) -> FaultError | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        return _type_fault(field, "un nombre est attendu")
    if isinstance(value, Decimal) and decimals(value) > _MAX_DIGITS:
        return _type_fault(field, "trop de décimales")
    return _range(field, value)


def _integer(field: Field, value: object) -> FaultError | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float) or not is_integer(value):
        return _type_fault(field, "un nombre entier est attendu")
    return _range(field, value)


def _money(field: Field, value: object) -> FaultError | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        return _type_fault(field, "un montant en euros est attendu")
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and decimals(value) > 2:
        return _type_fault(field, "deux décimales au plus")
    return _range(field, value)


def _enum(field: Field, value: object) -> FaultError | None:
    if not isinstance(value, str):
        return _type_fault(field, "un code de la liste est attendu")
    if value not in field.values:
        return FaultError("E_ENUM", f"{field.name} : « {value[:80]} » n’est pas dans la liste ({_names(field.values)})")
    return None


def _enum_list(field: Field, value: object) -> FaultError | None:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return _type_fault(field, "une liste de codes est attendue")
    unknown = set(value) - field.values
    if unknown:
        return FaultError("E_ENUM", f"{field.name} : pas dans la liste : {_names(item[:80] for item in unknown)}")
    return None


def is_integer(value: int | Decimal | float) -> bool:
    """Say whether a JSON number is an integer: ``3.0`` is one, ``3.5`` is not."""
    if isinstance(value, Decimal):
        return decimals(value) == 0
    return isinstance(value, int) or value.is_integer()


def decimals(value: Decimal) -> int:
    """Return how many decimals a number needs, zeros at the end left out."""
    exponent = int(value.as_tuple().exponent)
    if exponent >= 0 or not value:
        return 0
    figures = value.as_tuple().digits
    zeros = 0
    for figure in reversed(figures):
        if figure:
            break
        zeros += 1
    return max(0, -exponent - zeros)


def _range(field: Field, value: int | Decimal | float) -> FaultError | None:
    if (field.min is not None and value < field.min) or (field.max is not None and value > field.max):
        return FaultError("E_RANGE", f"{field.name} : hors de {field.min} à {field.max}")
    return None


_CHECKS: Mapping[str, Callable[[Field, object], FaultError | None]] = {
    "ref": _ref,
    "text": _text,
    "date": _date,
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "money": _money,
    "enum": _enum,
    "enum_list": _enum_list,
}


def _names(keys: Any) -> str:
    return ", ".join(sorted(str(key)[:80] for key in keys))
