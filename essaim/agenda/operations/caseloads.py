"""A relay taken, a caseload given: people and their appointments change hands in one act."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from essaim.accounts.models import Membership, User
from essaim.agenda.models import Appointment
from essaim.agenda.operations.appointments import Where, give_appointments, make_appointment
from essaim.agenda.queries.appointments import planned_of, proposed_type
from essaim.directory.models import Organisation
from essaim.journal.models import Action
from essaim.journeys.enums import HandOverState
from essaim.journeys.models import CaseloadMove, Enrolment, HandOver
from essaim.journeys.operations import complete_hand_over, move_caseload, note_moved_appointments
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries import is_partner_seeing_people
from essaim.kernel.errors import OperationError


class RelayRefused(OperationError):  # noqa: N818 - the words of the screen
    """A relay that cannot be taken so."""


@dataclass(frozen=True, slots=True)
class Reassignment:
    """A caseload given: the move, the appointments that followed, those left to be moved by hand."""

    move: CaseloadMove
    moved: list[Appointment]
    conflicts: list[Appointment]


@transaction.atomic
def accept_hand_over(
    *,
    hand_over: HandOver,
    starts: datetime,
    ends: datetime,
    user: User | None = None,
    where: Where | None = None,
    version: int,
    by: Membership,
    now: datetime,
) -> HandOver:
    """Take a relay: the first meeting is made, then the person changes hands (``journeys.complete_hand_over``).

    ``user``, the member's own account unless given, becomes the referent and has the meeting: in the action when her
    organisation follows people there, else without action. Refused (RelayRefused): answered already; as
    ``make_appointment`` and ``complete_hand_over`` otherwise: nothing is kept of a relay without its meeting.
    """
    if hand_over.state != HandOverState.PROPOSED:
        raise RelayRefused("Une réponse a déjà été donnée à ce relais.")
    if by.organisation_id != hand_over.to_organisation_id:
        raise RelayRefused("Ce relais ne vous est pas proposé.")
    referent = user or hand_over.to_user or by.user
    action = _followed_action(hand_over, by)
    make_appointment(
        person=hand_over.person,
        type=proposed_type(action, hand_over.person),
        user=referent,
        starts=starts,
        ends=ends,
        action=action,
        enrolment=hand_over.enrolment if action else None,
        where=where,
        by=by,
        now=now,
    )
    return complete_hand_over(
        hand_over=hand_over, first_appointment_at=starts, user=referent, version=version, by=by, now=now
    )


@transaction.atomic
def reassign_caseload(
    *,
    organisation: Organisation,
    from_user: User,
    to_user: User,
    reason: str,
    enrolments: Iterable[Enrolment] | None = None,
    by: Membership,
    now: datetime,
) -> Reassignment:
    """Give a counsellor's people to a colleague with their appointments to come, in one act.

    The people move whatever happens (``journeys.move_caseload``, which says what it refuses). Each appointment keeps
    its time when the colleague is free and there; otherwise it stays marked as to be moved, in her « À faire ».
    """
    asked = None if enrolments is None else list(enrolments)
    move = move_caseload(
        organisation=organisation, from_user=from_user, to_user=to_user, reason=reason, enrolments=asked, by=by, now=now
    )
    appointments = planned_of(from_user, organisation.pk, now)
    if asked is not None:
        appointments = appointments.filter(person__in={one.person_id for one in asked})
    given = give_appointments(appointments=appointments, to_user=to_user, by=by)
    note_moved_appointments(move=move, appointments=len(given.moved))
    return Reassignment(move, given.moved, given.conflicts)


def _followed_action(hand_over: HandOver, by: Membership) -> Action | None:
    """The action of the parcours, when the member follows people there."""
    if hand_over.enrolment is None:
        return None
    action = hand_over.enrolment.action
    partner = is_partner_seeing_people(by, action)
    return action if may_accompany(by, action, is_partner_seeing_people=partner) else None
