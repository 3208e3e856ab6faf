"""Entering an action, and the corrections of an entry. Each changes the row and says the same in the journal."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journal.models import Action, Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.engine.eligibility import Verdict
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment, Group, StepState
from essaim.journeys.operations.commitments import drop_commitments, prepare_required_commitments
from essaim.journeys.operations.intake import (
    refuse_outside_entry_days,
    require_validated,
    settle_intake,
    unsettle_intake,
)
from essaim.journeys.operations.limits import derive_terms, refuse_consumed, set_due_on
from essaim.journeys.operations.parcours_rules import (
    ENTRY,
    EXIT,
    EnrolmentRefused,
    lock_action,
    lock_group,
    open_files,
    parcours_of,
    refuse_cancelled,
    refuse_without_place,
    require_accompanying,
    take_enrolment,
    withdraw_planned,
)
from essaim.journeys.operations.path_traces import refuse_traces
from essaim.journeys.operations.profiles import record_picture
from essaim.journeys.operations.steps import complete_step, open_next_steps, skip_current_steps
from essaim.journeys.queries.actions import list_tracks, steps_of_kind
from essaim.journeys.queries.enrolments import judge_entry
from essaim.kernel.days import paris_day
from essaim.kernel.formats import long_day
from essaim.people.models import Person
from essaim.people.operations import close_grants
from essaim.people.queries import get_profile

LONGEST_REASON = 500


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
    group: Group | None = None,
    validated: Iterable[str] = (),
    override_reason: str = "",
    by: Membership,
    now: datetime,
) -> Enrolment:
    """Enter a person into an action, and into one of its groups, on that day.

    Guarantees the row, the picture of the person and ``enrolment_opened`` in the journal, the files opened to the
    carrying organisation and to the partners that see people, what led to the entry settled (prescription, decision,
    queue), the first steps. Places are exact: the rows of the action, then of the group are locked, the last place
    goes to one only. Refused: someone who does not follow people in this action or does not see this file, a day in
    the future, outside the action, not of the group or not after a former exit, someone already in, something the
    interview had to validate (EnrolmentRefused), no place (NoPlaceLeft), rules not met without a written reason
    (IneligiblePerson).
    """
    action = lock_action(action=action)
    group = lock_group(action=action, group=group)
    require_accompanying(action=action, person=person, by=by)
    _check_entry_day(action, person, on, paris_day(now))
    former = list(parcours_of(action=action, person=person))
    if any(one.state == EnrolmentState.OPEN for one in former):
        raise EnrolmentRefused("Cette personne est déjà inscrite dans cette action.")
    _refuse_before_former_exit(former, on)
    refuse_consumed(action=action, former=former, on=on)
    _check_track(action, track)
    refuse_without_place(action=action, group=group)
    refuse_outside_entry_days(action=action, group=group, on=on)
    codes = require_validated(action=action, person=person, validated=validated)
    verdict, reason = _judged(action, person, on, override_reason)
    record_picture(person=person, action=action, on=on, profile=get_profile(person), by=by, now=now, emitter=ENTRY)
    enrolment = Enrolment.objects.create(
        action=action,
        person=person,
        opened_on=on,
        track=track,
        group=group,
        validated=list(codes),
        referent=by.user if by.organisation_id == action.organisation_id else person.referent,
        override_codes=[rule.code for rule in verdict.unmet],
        override_reason=reason,
        opened_fact=_record_entry(action, person, on, track, group, by, now),
        created_at=now,
    )
    open_files(enrolment=enrolment, by=by, now=now)
    settle_intake(enrolment=enrolment, by=by, now=now)
    set_due_on(enrolment=enrolment)
    prepare_required_commitments(enrolment=enrolment, by=by, now=now)
    for step in steps_of_kind(action, ENTRY):
        complete_step(enrolment=enrolment, step=step.key, on=on, by=by, now=now)
    open_next_steps(enrolment=enrolment, on=on)
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
    require_accompanying(action=enrolment.action, person=enrolment.person, by=by)
    enrolment = take_enrolment(enrolment=enrolment, version=version)
    refuse_cancelled(enrolment=enrolment)
    _check_entry_day(enrolment.action, enrolment.person, on, paris_day(now))
    _refuse_before_former_exit(
        parcours_of(action=enrolment.action, person=enrolment.person).exclude(pk=enrolment.pk), on
    )
    if enrolment.closed_on and on > enrolment.closed_on:
        raise EnrolmentRefused("L’entrée ne peut pas suivre la sortie.", field="on")
    _check_track(enrolment.action, track)
    enrolment.opened_on, enrolment.track = on, track
    enrolment.opened_fact = _record_entry(
        enrolment.action, enrolment.person, on, track, enrolment.group, by, now, corrects=enrolment.opened_fact
    )
    enrolment.save()
    set_due_on(enrolment=enrolment)
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
def cancel_enrolment(*, enrolment: Enrolment, version: int, by: Membership, now: datetime) -> Enrolment:
    """Cancel a parcours entered by mistake: its facts are voided, its files close, the row stays as a trace. What was
    planned in it is withdrawn.

    Refused (EnrolmentRefused): already cancelled, contracts still say it happened; EditConflict.
    """
    require_accompanying(action=enrolment.action, person=enrolment.person, by=by)
    enrolment = take_enrolment(enrolment=enrolment, version=version)
    refuse_cancelled(enrolment=enrolment)
    refuse_traces(enrolment=enrolment)
    _refuse_contracts(enrolment)
    if enrolment.closed_fact is not None:
        void_fact(enrolment.closed_fact, emitter=EXIT, by=by, now=now)
    void_fact(enrolment.opened_fact, emitter=ENTRY, by=by, now=now)
    drop_commitments(enrolment=enrolment, by=by, now=now)
    was_open = enrolment.state == EnrolmentState.OPEN
    enrolment.state, enrolment.cancelled_at = EnrolmentState.CANCELLED, now
    enrolment.save()
    skip_current_steps(enrolment=enrolment, on=paris_day(now))
    if was_open:
        withdraw_planned(enrolment=enrolment, on=enrolment.opened_on - timedelta(days=1), by=by, now=now)
    unsettle_intake(enrolment=enrolment, by=by, now=now)
    if was_open:
        close_grants(origin=enrolment.action.ref, person=enrolment.person, by=by, now=now)
    derive_terms(action=enrolment.action, person=enrolment.person)
    return enrolment


def _refuse_contracts(enrolment: Enrolment) -> None:
    action, person = enrolment.action, enrolment.person
    signed = Fact.objects.filter(action=action, subject__person=person, kind="contract_signed", live=True)
    if signed.exists() and not parcours_of(action=action, person=person).exclude(pk=enrolment.pk).exists():
        raise EnrolmentRefused("Des contrats sont enregistrés dans ce parcours : annulez-les d’abord.")


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


def _judged(action: Action, person: Person, on: date, override_reason: str) -> tuple[Verdict, str]:
    verdict, reason = judge_entry(action, person, on), " ".join(override_reason.split())[:LONGEST_REASON]
    if not verdict.is_eligible and not reason:
        raise IneligiblePerson(verdict)
    return verdict, "" if verdict.is_eligible else reason


def _check_track(action: Action, track: str) -> None:
    if track and track not in list_tracks(action):
        raise EnrolmentRefused("Ce volet n’existe pas dans l’action.", field="track")


def _record_entry(
    action: Action,
    person: Person,
    on: date,
    track: str,
    group: Group | None,
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
        cohort=group.ref if group else None,
        by=by,
        now=now,
        data={"track": track} if track else {},
        corrects=corrects,
    )
