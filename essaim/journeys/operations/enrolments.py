"""Parcours: entry, exit, and their corrections. Each changes the row and says the same in the journal."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action, Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.engine.eligibility import Verdict
from essaim.journeys.enums import CloseReason, EnrolmentState
from essaim.journeys.models import Enrolment, StepState
from essaim.journeys.operations.profiles import record_picture
from essaim.journeys.operations.steps import (
    complete_step,
    open_next_steps,
    reset_step,
    resume_skipped_steps,
    skip_current_steps,
)
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries.actions import (
    is_partner_seeing_people,
    list_tracks,
    partners_seeing_people,
    steps_of_kind,
)
from essaim.journeys.queries.enrolments import judge_entry
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.operations import close_grants, open_grant
from essaim.people.queries import get_profile, scope_for

ENTRY, EXIT = "journeys.enrolment", "journeys.exit"
LONGEST_REASON = 500


class EnrolmentRefused(OperationError):  # noqa: N818 - the words of the screen
    """A parcours that cannot be opened, closed or corrected so."""


class NoPlaceLeft(EnrolmentRefused):
    """Every place of the action is taken."""


class IneligiblePerson(EnrolmentRefused):
    """The practice's rules are not met; ``verdict`` says which. A written reason overrides them."""

    def __init__(self, verdict: Verdict) -> None:
        words = " ; ".join(rule.label for rule in verdict.unmet)
        super().__init__(
            f"Cette personne ne remplit pas les conditions de la fiche : {words}. Vous pouvez l’inscrire quand"
            " même en écrivant pourquoi.",
            field="override_reason",
        )
        self.verdict = verdict


@transaction.atomic
def enrol_person(
    *,
    action: Action,
    person: Person,
    on: date,
    track: str = "",
    override_reason: str = "",
    by: Membership,
    now: datetime,
) -> Enrolment:
    """Open a parcours on that day.

    Guarantees the row, the picture of the person and ``enrolment_opened`` in the journal, the files opened
    to the carrying organisation and to the partners that see people, the first steps. Places are exact: the
    action's row is locked, the last place goes to one only. Refused: someone who does not follow people in
    this action or does not see this file, a day in the future, outside the action or not after a former
    exit, someone already in (EnrolmentRefused), no place (NoPlaceLeft), rules not met without a written
    reason (IneligiblePerson).
    """
    action = _lock_action(action)
    _require_accompanying(action, person, by)
    _check_entry_day(action, person, on, paris_day(now))
    former = list(_parcours_of(action, person))
    if any(one.state == EnrolmentState.OPEN for one in former):
        raise EnrolmentRefused("Cette personne est déjà inscrite dans cette action.")
    _refuse_before_former_exit(former, on)
    _check_track(action, track)
    taken = Enrolment.objects.filter(action=action, state=EnrolmentState.OPEN).count()
    if action.places is not None and taken >= action.places:
        raise NoPlaceLeft("La dernière place vient d’être prise : l’action est complète.")
    verdict = judge_entry(action, person, on)
    reason = " ".join(override_reason.split())[:LONGEST_REASON]
    if not verdict.is_eligible and not reason:
        raise IneligiblePerson(verdict)
    record_picture(person=person, action=action, on=on, profile=get_profile(person), by=by, now=now, emitter=ENTRY)
    enrolment = Enrolment.objects.create(
        action=action,
        person=person,
        opened_on=on,
        track=track,
        referent=by.user if by.organisation_id == action.organisation_id else person.referent,
        override_codes=[rule.code for rule in verdict.unmet],
        override_reason="" if verdict.is_eligible else reason,
        opened_fact=_record_entry(action, person, on, track, by, now),
        created_at=now,
    )
    _open_files(enrolment, by, now)
    for step in steps_of_kind(action, ENTRY):
        complete_step(enrolment=enrolment, step=step.key, on=on, by=by, now=now)
    open_next_steps(enrolment=enrolment, on=on)
    return enrolment


@transaction.atomic
def close_enrolment(
    *, enrolment: Enrolment, reason: str, on: date, version: int, by: Membership, now: datetime
) -> Enrolment:
    """Close a parcours on that day: ``enrolment_closed``, its open steps left aside, its files closed at
    once.

    Refused (EnrolmentRefused): someone who does not follow people in this action or does not see this file,
    already closed, a day in the future or before the entry, an unknown reason; and EditConflict when
    someone else changed it meanwhile.
    """
    _require_accompanying(enrolment.action, enrolment.person, by)
    enrolment = _take(enrolment, version)
    if enrolment.state != EnrolmentState.OPEN:
        raise EnrolmentRefused("Ce parcours est déjà terminé.")
    _check_exit(enrolment, reason, on, paris_day(now))
    enrolment.state, enrolment.closed_on, enrolment.close_reason = EnrolmentState.CLOSED, on, reason
    enrolment.closed_fact = _record_exit(enrolment, by, now)
    enrolment.save()
    for step in steps_of_kind(enrolment.action, EXIT):
        complete_step(enrolment=enrolment, step=step.key, outcome=reason, on=on, by=by, now=now)
    skip_current_steps(enrolment=enrolment, on=on)
    close_grants(origin=enrolment.action.ref, person=enrolment.person, by=by, now=now)
    return enrolment


@transaction.atomic
def correct_enrolment(
    *, enrolment: Enrolment, on: date, track: str, version: int, by: Membership, now: datetime
) -> Enrolment:
    """Set right the day of entry or the track: the row changes and a new ``enrolment_opened`` replaces the
    former.

    Refused as ``enrol_person`` for the day and the track, a day after the exit, a cancelled parcours;
    EditConflict.
    """
    _require_accompanying(enrolment.action, enrolment.person, by)
    enrolment = _take(enrolment, version)
    _refuse_cancelled(enrolment)
    _check_entry_day(enrolment.action, enrolment.person, on, paris_day(now))
    _refuse_before_former_exit(_parcours_of(enrolment.action, enrolment.person).exclude(pk=enrolment.pk), on)
    if enrolment.closed_on and on > enrolment.closed_on:
        raise EnrolmentRefused("L’entrée ne peut pas suivre la sortie.", field="on")
    _check_track(enrolment.action, track)
    enrolment.opened_on, enrolment.track = on, track
    enrolment.opened_fact = _record_entry(
        enrolment.action, enrolment.person, on, track, by, now, corrects=enrolment.opened_fact
    )
    enrolment.save()
    record_picture(
        person=enrolment.person,
        action=enrolment.action,
        on=on,
        profile=get_profile(enrolment.person),
        by=by,
        now=now,
        emitter=ENTRY,
    )
    keys = [step.key for step in steps_of_kind(enrolment.action, ENTRY)]
    StepState.objects.filter(enrolment=enrolment, step__in=keys).update(since=on)
    return enrolment


@transaction.atomic
def correct_closing(
    *, enrolment: Enrolment, reason: str, on: date, version: int, by: Membership, now: datetime
) -> Enrolment:
    """Set right the day or the reason of an exit: a new ``enrolment_closed`` replaces the former.

    Refused as ``close_enrolment``, a parcours that is not closed, a day that a later parcours forbids;
    EditConflict.
    """
    _require_accompanying(enrolment.action, enrolment.person, by)
    enrolment = _take(enrolment, version)
    if enrolment.state != EnrolmentState.CLOSED:
        raise EnrolmentRefused("Ce parcours n’est pas terminé.")
    _check_exit(enrolment, reason, on, paris_day(now))
    later = _parcours_of(enrolment.action, enrolment.person).filter(opened_on__gt=enrolment.opened_on)
    if later.filter(opened_on__lte=on).exists():
        raise EnrolmentRefused("La personne est revenue dans l’action à cette date ou avant.", field="on")
    enrolment.closed_on, enrolment.close_reason = on, reason
    enrolment.closed_fact = _record_exit(enrolment, by, now, corrects=enrolment.closed_fact)
    enrolment.save()
    for step in steps_of_kind(enrolment.action, EXIT):
        complete_step(enrolment=enrolment, step=step.key, outcome=reason, on=on, by=by, now=now)
    return enrolment


@transaction.atomic
def reopen_enrolment(*, enrolment: Enrolment, version: int, by: Membership, now: datetime) -> Enrolment:
    """Cancel an exit entered by mistake: its fact is voided, the parcours is open again if a place is left.

    Refused (EnrolmentRefused, NoPlaceLeft): not closed, already in again, no place; EditConflict.
    """
    action = _lock_action(enrolment.action)
    _require_accompanying(action, enrolment.person, by)
    enrolment = _take(enrolment, version)
    if enrolment.state != EnrolmentState.CLOSED or enrolment.closed_fact is None:
        raise EnrolmentRefused("Ce parcours n’est pas terminé.")
    if _parcours_of(action, enrolment.person).filter(opened_on__gt=enrolment.opened_on).exists():
        raise EnrolmentRefused("La personne est revenue dans l’action depuis : corrigez ce parcours-là.")
    taken = Enrolment.objects.filter(action=action, state=EnrolmentState.OPEN).count()
    if action.places is not None and taken >= action.places:
        raise NoPlaceLeft("L’action est complète : sa place a été prise depuis.")
    void_fact(enrolment.closed_fact, emitter=EXIT, by=by, now=now)
    enrolment.state, enrolment.closed_on, enrolment.close_reason = EnrolmentState.OPEN, None, ""
    enrolment.closed_fact = None
    enrolment.save()
    today = paris_day(now)
    for step in steps_of_kind(action, EXIT):
        reset_step(enrolment=enrolment, step=step.key, on=today)
    resume_skipped_steps(enrolment=enrolment, on=today)
    _open_files(enrolment, by, now)
    return enrolment


@transaction.atomic
def cancel_enrolment(*, enrolment: Enrolment, version: int, by: Membership, now: datetime) -> Enrolment:
    """Cancel a parcours entered by mistake: its facts are voided, its files close, the row stays as a trace.

    Refused (EnrolmentRefused): already cancelled, contracts still say it happened; EditConflict.
    """
    _require_accompanying(enrolment.action, enrolment.person, by)
    enrolment = _take(enrolment, version)
    _refuse_cancelled(enrolment)
    signed = Fact.objects.filter(
        action=enrolment.action, subject__person=enrolment.person, kind="contract_signed", live=True
    )
    if signed.exists() and not _parcours_of(enrolment.action, enrolment.person).exclude(pk=enrolment.pk).exists():
        raise EnrolmentRefused("Des contrats sont enregistrés dans ce parcours : annulez-les d’abord.")
    if enrolment.closed_fact is not None:
        void_fact(enrolment.closed_fact, emitter=EXIT, by=by, now=now)
    void_fact(enrolment.opened_fact, emitter=ENTRY, by=by, now=now)
    was_open = enrolment.state == EnrolmentState.OPEN
    enrolment.state, enrolment.cancelled_at = EnrolmentState.CANCELLED, now
    enrolment.save()
    skip_current_steps(enrolment=enrolment, on=paris_day(now))
    if was_open:
        close_grants(origin=enrolment.action.ref, person=enrolment.person, by=by, now=now)
    return enrolment


def _lock_action(action: Action) -> Action:
    locked = Action.objects.select_for_update(of=("self",), no_key=True).select_related("territory", "organisation")
    return locked.select_related("practice").get(pk=action.pk)


def _take(enrolment: Enrolment, version: int) -> Enrolment:
    locked = check_version(enrolment, version)
    locked.action, locked.person = enrolment.action, enrolment.person
    return locked


def _parcours_of(action: Action, person: Person) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(action=action, person=person).exclude(state=EnrolmentState.CANCELLED)


def _require_accompanying(action: Action, person: Person, by: Membership) -> None:
    partner = is_partner_seeing_people(by, action)
    if not may_accompany(by, action, is_partner_seeing_people=partner):
        raise EnrolmentRefused("Vous n’inscrivez pas de personnes dans cette action.")
    if scope_for(by, person) is None:
        raise EnrolmentRefused("Ce dossier ne vous est pas ouvert.")


def _check_entry_day(action: Action, person: Person, on: date, today: date) -> None:
    if on > today:
        raise EnrolmentRefused("L’entrée ne peut pas être dans l’avenir.", field="on")
    if on > action.ends:
        raise EnrolmentRefused(f"L’action s’est terminée le {long_day(action.ends)}.", field="on")
    if on < action.starts:
        raise EnrolmentRefused(f"L’action commence le {long_day(action.starts)}.", field="on")
    if person.birth_date and on < person.birth_date:
        raise EnrolmentRefused("Cette date précède la naissance de la personne.", field="on")


def _refuse_before_former_exit(former: Iterable[Enrolment], on: date) -> None:
    for one in former:
        if one.closed_on == on:
            raise EnrolmentRefused(
                "Une sortie est enregistrée ce jour-là : ouvrez le nouveau parcours le lendemain.", field="on"
            )
        if one.closed_on and on < one.closed_on:
            raise EnrolmentRefused(
                f"La personne était déjà dans l’action jusqu’au {long_day(one.closed_on)}.", field="on"
            )


def _check_track(action: Action, track: str) -> None:
    if track and track not in list_tracks(action):
        raise EnrolmentRefused("Ce volet n’existe pas dans l’action.", field="track")


def _check_exit(enrolment: Enrolment, reason: str, on: date, today: date) -> None:
    if reason not in CloseReason.values:
        raise EnrolmentRefused("Choisissez un motif de sortie.", field="reason")
    if on > today:
        raise EnrolmentRefused("La sortie ne peut pas être dans l’avenir.", field="on")
    if on < enrolment.opened_on:
        raise EnrolmentRefused(f"L’entrée date du {long_day(enrolment.opened_on)}.", field="on")


def _refuse_cancelled(enrolment: Enrolment) -> None:
    if enrolment.state == EnrolmentState.CANCELLED:
        raise EnrolmentRefused("Ce parcours est annulé.")


def _record_entry(
    action: Action,
    person: Person,
    on: date,
    track: str,
    by: Membership,
    now: datetime,
    corrects: Fact | None = None,
) -> Fact:
    return record(
        "enrolment_opened",
        emitter=ENTRY,
        action=action,
        at=on,
        person=person,
        by=by,
        now=now,
        data={"track": track} if track else {},
        corrects=corrects,
    )


def _record_exit(enrolment: Enrolment, by: Membership, now: datetime, corrects: Fact | None = None) -> Fact:
    assert enrolment.closed_on is not None
    return record(
        "enrolment_closed",
        emitter=EXIT,
        action=enrolment.action,
        at=enrolment.closed_on,
        person=enrolment.person,
        by=by,
        now=now,
        data={"reason": enrolment.close_reason},
        corrects=corrects,
    )


def _open_files(enrolment: Enrolment, by: Membership, now: datetime) -> None:
    action = enrolment.action
    assert action.organisation is not None
    seeing = {partner.organisation: partner for partner in partners_seeing_people(action)}
    for organisation in [action.organisation, *seeing]:
        open_grant(
            person=enrolment.person,
            organisation=organisation,
            scope=GrantScope.FILE,
            origin=action.ref,
            reason=f"action «\u00a0{action.title}\u00a0»"[:120],
            by=by,
            now=now,
        )
