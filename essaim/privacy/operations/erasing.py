"""Identities erased: the facts stay, nobody knows whose they were."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import FileField, Model, QuerySet

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.journal.operations import forget_person
from essaim.kernel.contract import PrivacyRule
from essaim.kernel.errors import OperationError
from essaim.kernel.instruments import all_instruments
from essaim.kernel.operations.forgetting import forget_correspondence
from essaim.people.models import Person
from essaim.people.operations.drafts import discard_drafts
from essaim.privacy.engine.births import coarsen_birth
from essaim.privacy.enums import ErasureCause
from essaim.privacy.models import Erasure
from essaim.privacy.permissions import may_erase
from essaim.privacy.queries.erasing import KnownErasure, erasures_path, list_reasons_to_wait
from essaim.privacy.queries.reach import files_of, kept_file, personal_models, privacy_rules, rows_about


class ErasureRefused(OperationError):  # noqa: N818 - the words of the screen
    """An identity that may not be erased yet; ``reasons`` says why, one sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@transaction.atomic
def erase_person(*, person: Person, cause: str, by: Membership | None, now: datetime) -> Erasure:
    """Erase who the person was, in her file and in every file merged into it, by the rule of each model.

    Guarantees: names, contacts, notes, documents (files too, once committed), messages and drafts of imports of the
    organisations that saw her are gone; facts and counts stay, and so do the figures of bilans. Her public code is
    kept (row, and a line of a file beside the database), so that a backup restored later erases her again. ``by`` is
    None for the operator and for the end of the keeping. Refused (ErasureRefused): someone who does not manage her
    referent organisation, an open parcours, an appointment to come, evidence that must be kept, erased already.
    """
    kept = kept_file(person)
    files = list(Person.objects.select_for_update().filter(pk__in=files_of(kept)).order_by("pk"))
    if by is not None and not may_erase(by, kept):
        raise ErasureRefused(["Seul un responsable de la structure référente efface l’identité d’une personne."])
    if reasons := list_reasons_to_wait(kept, now):
        raise ErasureRefused(reasons)
    return _erase(files, kept, cause, now)


@transaction.atomic
def replay_erasures(*, known: Iterable[KnownErasure]) -> int:
    """Erase again everyone known to have been erased, whatever she is in, after an older backup is restored.

    The erasures are kept, even of people whom the backup does not hold. Returns how many people were erased again.
    """
    again = 0
    for one in known:
        person = Person.objects.filter(code=one.code, erased_at__isnull=True).first()
        if person is not None:
            files = list(Person.objects.select_for_update().filter(pk__in=files_of(person)).order_by("pk"))
            _erase(files, person, one.cause, one.erased_at)
            again += 1
        Erasure.objects.get_or_create(code=one.code, defaults={"erased_at": one.erased_at, "cause": one.cause})
    return again


def _erase(files: list[Person], kept: Person, cause: str, now: datetime) -> Erasure:
    keys = [one.pk for one in files]
    _forget_around(files, keys)
    for one in files:
        forget_person(person=one, coarsen=coarsen_birth)
    models = _from_the_top()
    for model in models:
        if _rule(model) == "blank":
            _blank(model, rows_about(model, keys))
    for model in models:
        if _rule(model) == "delete":
            _delete(model, rows_about(model, keys))
    people = Person.objects.filter(pk__in=keys)
    _blank(Person, people)
    people.update(erased_at=now, archived_at=None)
    for one in files:
        erasure, _ = Erasure.objects.get_or_create(code=one.code, defaults={"erased_at": now, "cause": cause})
        transaction.on_commit(lambda erasure=erasure: _write_down(erasure))  # type: ignore[misc]
    return Erasure.objects.get(code=kept.code)


def _forget_around(files: list[Person], keys: list[int]) -> None:
    """What names her without a key: messages, links, drafts of imports."""
    refs = {one.code for one in files}
    for model in personal_models():
        if any(field.name == "ref" for field in model._meta.concrete_fields) and model._meta.label != "journal.Fact":
            refs.update(rows_about(model, keys).values_list("ref", flat=True))
    addresses = [value for one in files for value in (one.email, one.phone, one.representative_phone)]
    forget_correspondence(refs=refs, recipients=addresses, names=[one.full_name for one in files])
    discard_drafts(organisations=Organisation.objects.filter(pk__in=_readers(files)))


def _readers(files: list[Person]) -> set[int]:
    return {key for one in files for key in one.grants.values_list("organisation_id", flat=True)}


def _rule(model: type[Model]) -> PrivacyRule:
    return privacy_rules()[model._meta.label]


def _from_the_top() -> list[type[Model]]:
    """The personal models, those that point to others first: highest app first, last defined first."""
    configs = [config for config in apps.get_app_configs() if config.name.startswith("essaim.")]
    personal = set(personal_models())
    return [model for config in configs for model in reversed(list(config.get_models())) if model in personal]


def _blank(model: type[Model], rows: QuerySet[Any]) -> None:
    """Give the fields of the rule their value; a text that was empty stays empty."""
    values: dict[str, Any] = {}
    for instrument in all_instruments().values():
        values |= instrument.blank.get(model._meta.label, {})
    marks = {name: value for name, value in values.items() if isinstance(value, str) and value}
    if empty := {name: value for name, value in values.items() if name not in marks}:
        rows.update(**empty)
    for name, value in marks.items():
        rows.exclude(**{name: ""}).update(**{name: value})


def _delete(model: type[Model], rows: QuerySet[Any]) -> None:
    stored = [field.name for field in model._meta.concrete_fields if isinstance(field, FileField)]
    names = [name for column in stored for name in rows.values_list(column, flat=True) if name]
    rows.delete()
    transaction.on_commit(lambda: _remove_files(names))


def _remove_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _write_down(erasure: Erasure) -> None:
    """Add a line to the file that a restored backup is read against. Codes only."""
    path = erasures_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {"code": erasure.code, "at": erasure.erased_at.isoformat(), "cause": str(ErasureCause(erasure.cause))}
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(line) + "\n")
