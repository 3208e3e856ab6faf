"""Orienting someone to an action, and what follows before any decision."""

from datetime import date, datetime

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journal.operations import record
from essaim.journeys.enums import LeavingReason, Motive, PrescriptionState, WaitingState
from essaim.journeys.models import Prescription
from essaim.journeys.operations.parcours_rules import lock_action
from essaim.journeys.operations.waiting import take_out_of_queue
from essaim.journeys.permissions import may_examine
from essaim.journeys.queries.actions import list_tracks
from essaim.journeys.queries.prescriptions import PRESCRIPTION, answer_day, prescribing_refusal_for
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.operations import close_grants, open_grant
from essaim.people.permissions import works_with_people

LONGEST_LETTER = 2000
WITHDRAWABLE = (PrescriptionState.SENT, PrescriptionState.WAITING)


class PrescriptionRefused(OperationError):  # noqa: N818 - the words of the screen
    """Someone who cannot be oriented to this action, or not so."""


@transaction.atomic
def make_prescription(
    *,
    action: Action,
    person: Person,
    motive: str,
    letter: str = "",
    track: str = "",
    agreed_on: date,
    by: Membership,
    now: datetime,
) -> Prescription:
    """Orient a person to an action, today, with her agreement of ``agreed_on``.

    Guarantees the row, ``prescription_made`` in the journal (codes only, never the letter), her file open to the
    organisation that carries the action (origin: the reference), the day by which to answer when the practice
    promises one. One open prescription a person and action. Refused (PrescriptionRefused): an organisation of no
    family of prescribers of the action, an action that is over, a file not open to ``by``, a protected person
    outside her referent team, someone already oriented or already in, a motive or track that does not exist, an
    agreement in the future or before her birth.
    """
    action = lock_action(action=action)
    today = paris_day(now)
    if refusal := prescribing_refusal_for(by, action, person, today):
        raise PrescriptionRefused(refusal)
    letter = letter.replace("\x00", "").strip()
    _check_details(action, person, motive, letter, track, agreed_on, today)
    fact = record(
        "prescription_made",
        emitter=PRESCRIPTION,
        action=action,
        at=today,
        person=person,
        organisation=by.organisation,
        by=by,
        now=now,
        data={"motive": motive} | ({"track": track} if track else {}),
    )
    prescription = Prescription.objects.create(
        action=action,
        person=person,
        prescriber=by.organisation,
        prescribed_by=by.user,
        made_on=today,
        motive=motive,
        letter=letter,
        track=track,
        agreed_on=agreed_on,
        answer_due=answer_day(action, today),
        fact=fact,
        created_at=now,
    )
    open_file_to_carrier(prescription=prescription, by=by, now=now)
    return prescription


@transaction.atomic
def receive_prescription(*, prescription: Prescription, by: Membership, now: datetime) -> Prescription:
    """Note that the team has read a prescription; read again, the first moment stays.

    Refused (PrescriptionRefused): outside the team that receives.
    """
    locked = Prescription.objects.select_for_update(of=("self",)).select_related("action").get(pk=prescription.pk)
    if not may_examine(by, locked.action):
        raise PrescriptionRefused("Seule l’équipe de l’action reçoit cette orientation.")
    if locked.received_at is None:
        locked.received_at = now
        locked.save(update_fields=["received_at"])
    return locked


@transaction.atomic
def withdraw_prescription(*, prescription: Prescription, version: int, by: Membership, now: datetime) -> Prescription:
    """Take back a prescription nobody has answered for good: her file closes to the team at once, she leaves the queue.

    The orientation stays in the fil, followed by its withdrawal. Refused (PrescriptionRefused): by another
    organisation than the prescriber, already answered; EditConflict.
    """
    action = lock_action(action=prescription.action)
    if not works_with_people(by) or by.organisation_id != prescription.prescriber_id:
        raise PrescriptionRefused("Seul le prescripteur retire cette orientation.")
    locked = check_version(prescription, version)
    if locked.state not in WITHDRAWABLE:
        raise PrescriptionRefused("Une décision a déjà été prise : cette orientation ne se retire plus.")
    locked.state = PrescriptionState.WITHDRAWN
    locked.save()
    record(
        "journeys.prescription_withdrawn",
        emitter="journeys",
        action=action,
        at=paris_day(now),
        person=locked.person,
        organisation=locked.prescriber,
        by=by,
        now=now,
    )
    take_out_of_queue(
        action=action,
        person=locked.person,
        state=WaitingState.LEFT,
        reason=LeavingReason.DECIDED,
        by=by,
        now=now,
    )
    close_grants(origin=locked.ref, person=locked.person, by=by, now=now)
    return locked


def open_file_to_carrier(*, prescription: Prescription, by: Membership, now: datetime) -> None:
    """Open the file to the team that receives, for this prescription; nothing to open when it holds the file itself."""
    action, person = prescription.action, prescription.person
    if action.organisation is None or person.referent_organisation_id == action.organisation_id:
        return
    open_grant(
        person=person,
        organisation=action.organisation,
        scope=GrantScope.FILE,
        origin=prescription.ref,
        reason=f"orientation vers «\u00a0{action.title}\u00a0»"[:120],
        by=by,
        now=now,
    )


def _check_details(
    action: Action, person: Person, motive: str, letter: str, track: str, agreed_on: date, today: date
) -> None:
    if motive not in Motive.values:
        raise PrescriptionRefused("Choisissez un motif.", field="motive")
    if track and track not in list_tracks(action):
        raise PrescriptionRefused("Ce volet n’existe pas dans l’action.", field="track")
    if len(letter) > LONGEST_LETTER:
        raise PrescriptionRefused(f"Ce texte est trop long : {LONGEST_LETTER} caractères au plus.", field="letter")
    if agreed_on > today:
        raise PrescriptionRefused("Son accord ne peut pas être dans l’avenir.", field="agreed_on")
    if person.birth_date and agreed_on < person.birth_date:
        raise PrescriptionRefused("Cette date précède la naissance de la personne.", field="agreed_on")
