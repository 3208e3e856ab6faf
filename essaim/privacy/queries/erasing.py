"""What stands in the way of an erasure, and what was erased."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from essaim.agenda.enums import AppointmentState
from essaim.agenda.models import Appointment
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.kernel.days import paris_day
from essaim.kernel.formats import long_day
from essaim.people.models import Person
from essaim.privacy.models import Erasure
from essaim.privacy.queries.reach import files_of
from essaim.privacy.queries.retention import get_obliged

ERASURES_FILE = "effacements.jsonl"


@dataclass(frozen=True, slots=True)
class KnownErasure:
    """Someone erased: her public code, when and why."""

    code: str
    erased_at: datetime
    cause: str


def erasures_path() -> Path:
    """Return the file, beside the instance's data, that holds one line an erasure."""
    return Path(settings.DATA_DIR) / ERASURES_FILE


def list_known_erasures() -> list[KnownErasure]:
    """Return every erasure that the instance knows, from its table and from the file beside its data."""
    known = {one.code: KnownErasure(one.code, one.erased_at, one.cause) for one in Erasure.objects.all()}
    path = erasures_path()
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            told = json.loads(line)
            one = KnownErasure(told["code"], datetime.fromisoformat(told["at"]), told["cause"])
        except (ValueError, KeyError):  # a line cut by a crash
            continue
        known.setdefault(one.code, one)
    return sorted(known.values(), key=lambda one: one.code)


def list_reasons_to_wait(person: Person, now: datetime) -> list[str]:
    """Say, one sentence each, why this identity cannot be erased now; empty when nothing prevents it."""
    if person.erased_at is not None:
        return ["L’identité de cette personne est déjà effacée."]
    keys = files_of(person)
    reasons = [
        f"Un parcours est ouvert dans « {enrolment.action} » : enregistrez sa sortie d’abord."
        for enrolment in Enrolment.objects.filter(person__in=keys, state=EnrolmentState.OPEN).select_related("action")
    ]
    planned = Appointment.objects.filter(person__in=keys, state=AppointmentState.PLANNED, starts__gte=now)
    reasons += [
        f"Un rendez-vous est pris le {long_day(paris_day(starts))} : annulez-le d’abord."
        for starts in planned.values_list("starts", flat=True)
    ]
    if get_obliged(Person.objects.filter(pk__in=keys), paris_day(now)):
        reasons.append("Des justificatifs la concernant doivent encore être conservés.")
    return reasons
