"""Attendance: one save says that the session took place and who came; later saves correct it.

Why someone was absent stays in its row: the fil only says present, excused or absent.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.agenda.engine.weeks import hours_of
from essaim.agenda.enums import AbsenceReason, AttendanceState, SessionState
from essaim.agenda.models import Attendance, PlannedSession
from essaim.agenda.operations.session_rules import PlanRefused, emitter_of, require_following
from essaim.agenda.operations.training import settle_training
from essaim.agenda.queries.sessions import list_parcours_of_day
from essaim.journal.models import Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.models import Enrolment
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.people.models import Person
from essaim.people.queries import visible_people

LONGEST_HOURS = Decimal(24)


class AttendanceRefused(OperationError):  # noqa: N818 - the words of the screen
    """An attendance that cannot be recorded or cancelled so."""


class AttendanceRow(NamedTuple):
    """One person: her state, empty when nobody knows yet; hours when present; a coded reason when not."""

    person: Person
    state: str
    hours: Decimal | None = None
    reason: str = ""


@transaction.atomic
def record_attendance(
    *,
    planned: PlannedSession,
    rows: Iterable[AttendanceRow | tuple[Person, str, Decimal | None, str]],
    version: int | None = None,
    by: Membership,
    now: datetime,
) -> PlannedSession:
    """Say who came. The first save also says that the session took place; a later one corrects what changed.

    Guarantees one row and one live ``attendance_recorded`` for each person of ``rows`` with a state; a row without
    state withdraws what was recorded; people not in ``rows`` are left as they are. The training steps of those people
    follow. Refused (AttendanceRefused): someone who does not follow people in this action, a session to come or
    cancelled, a person without parcours in the action that day or whose file ``by`` may not open, an unknown state or
    reason, hours outside 0..24; EditConflict when ``version`` is not the stored one.
    """
    given = [AttendanceRow(*row) for row in rows]
    planned = _lock(planned, version, by)
    if planned.state == SessionState.CANCELLED:
        raise AttendanceRefused("Cette séance est annulée.")
    if planned.starts > now:
        raise AttendanceRefused("Cette séance n’a pas encore commencé.")
    known = {one.person_id: one for one in planned.attendances.select_related("fact__action", "fact__subject")}
    parcours = _parcours_of(planned, given, known, by)
    for row in given:
        _check(row)
    if planned.fact is None:
        planned.fact = _record_holding(planned, by, now)
    planned.state = SessionState.HELD
    planned.save()
    for row in given:
        _write(planned, row, known.get(row.person.pk), parcours.get(row.person.pk), by, now)
    settle_training(action=planned.session.action, people=[row.person.pk for row in given], by=by, now=now)
    return planned


@transaction.atomic
def cancel_attendance(*, planned: PlannedSession, version: int, by: Membership, now: datetime) -> PlannedSession:
    """Cancel a session said held by mistake: every fact is voided, the session is planned again, with who was expected.

    Refused (AttendanceRefused): not held, someone who does not follow people in this action; EditConflict.
    """
    planned = _lock(planned, version, by)
    if planned.state != SessionState.HELD or planned.fact is None:
        raise AttendanceRefused("Cette séance n’est pas notée comme tenue.")
    attendances = list(planned.attendances.select_related("fact__action", "fact__subject", "fact__session"))
    planned.attendances.all().delete()
    for one in attendances:
        void_fact(one.fact, emitter=emitter_of(planned=planned), by=by, now=now)
    held, planned.fact, planned.state = planned.fact, None, SessionState.PLANNED
    planned.save()
    void_fact(held, emitter=emitter_of(planned=planned), by=by, now=now)
    settle_training(action=planned.session.action, people=[one.person_id for one in attendances], by=by, now=now)
    return planned


def _lock(planned: PlannedSession, version: int | None, by: Membership) -> PlannedSession:
    session = planned.session
    try:
        require_following(action=session.action, by=by)
    except PlanRefused as refusal:
        raise AttendanceRefused(refusal.message) from None
    if version is None:
        locked = PlannedSession.objects.select_for_update(of=("self",)).get(pk=planned.pk)
        locked.version += 1
    else:
        locked = check_version(planned, version)
    locked.session = session
    return locked


def _parcours_of(
    planned: PlannedSession, rows: list[AttendanceRow], known: dict[int, Attendance], by: Membership
) -> dict[int, Enrolment]:
    keys = [row.person.pk for row in rows]
    seen = set(visible_people(by).filter(pk__in=keys).values_list("pk", flat=True))
    found = list_parcours_of_day(planned).filter(person__in=keys).select_related("group").order_by("opened_on")
    parcours = {one.person_id: one for one in found}
    for row in rows:
        if row.person.pk not in seen:
            raise AttendanceRefused("Un de ces dossiers ne vous est pas ouvert.")
        if row.person.pk not in parcours and row.person.pk not in known:
            raise AttendanceRefused(f"{row.person.full_name} n’était pas dans l’action ce jour-là.")
    return parcours


def _check(row: AttendanceRow) -> None:
    who = row.person.full_name
    if row.state and row.state not in AttendanceState.values:
        raise AttendanceRefused(f"{who} : choisissez présente, excusée ou absente.")
    if row.reason and row.reason not in AbsenceReason.values:
        raise AttendanceRefused(f"{who} : ce motif d’absence n’existe pas.")
    if row.hours is not None and not 0 <= row.hours <= LONGEST_HOURS:
        raise AttendanceRefused(f"{who} : entre 0 et 24 heures.")


def _write(
    planned: PlannedSession,
    row: AttendanceRow,
    known: Attendance | None,
    enrolment: Enrolment | None,
    by: Membership,
    now: datetime,
) -> None:
    if not row.state:
        if known is not None:
            fact = known.fact
            known.delete()
            void_fact(fact, emitter=emitter_of(planned=planned), by=by, now=now)
        return
    is_present = row.state == AttendanceState.PRESENT
    hours, reason = (row.hours, "") if is_present else (None, row.reason)
    if known is None:
        known = Attendance(planned=planned, person=row.person)
    elif (known.state, known.hours) == (row.state, hours):
        if known.reason != reason:
            known.reason, known.version = reason, known.version + 1
            known.save(update_fields=["reason", "version"])
        return
    known.state, known.hours, known.reason, known.recorded_at = row.state, hours, reason, now
    known.fact = _record_presence(planned, known, enrolment, by, now)
    known.version += known.pk is not None
    known.save()


def _record_holding(planned: PlannedSession, by: Membership, now: datetime) -> Fact:
    return record(
        "session_held",
        emitter=emitter_of(planned=planned),
        action=planned.session.action,
        at=planned.starts,
        session=planned.session,
        cohort=planned.group.ref if planned.group else None,
        data={"hours": hours_of(planned.starts, planned.ends)},
        by=by,
        now=now,
    )


def _record_presence(
    planned: PlannedSession, row: Attendance, enrolment: Enrolment | None, by: Membership, now: datetime
) -> Fact:
    replaced = row.fact if row.pk else None
    group = enrolment.group.ref if enrolment and enrolment.group else None
    return record(
        "attendance_recorded",
        emitter=emitter_of(planned=planned),
        action=planned.session.action,
        at=planned.starts,
        person=row.person,
        session=planned.session,
        cohort=replaced.cohort if replaced else group,
        data={"role": "participant", "state": row.state} | ({} if row.hours is None else {"hours": row.hours}),
        corrects=replaced,
        by=by,
        now=now,
    )
