"""Passing the relay: proposed, refused, cancelled; done only when the new referent accepted and fixed a meeting."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from essaim.accounts.models import Membership, User
from essaim.directory.enums import OrganisationOrigin
from essaim.directory.models import Organisation
from essaim.journal.operations import record
from essaim.journeys.enums import CloseReason, EnrolmentState, HandOverState
from essaim.journeys.models import Enrolment, HandOver
from essaim.journeys.operations.parcours_rules import EXIT, EnrolmentRefused
from essaim.journeys.operations.path_rules import cohort_of, require_following, require_open, tidied
from essaim.journeys.queries.actions import partners_seeing_people, settings_of, steps_of_kind
from essaim.journeys.queries.hand_overs import is_handed_over
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.operations import close_grants, open_grant, transfer_file
from essaim.people.permissions import is_of_referent_team, works_with_people
from essaim.people.queries import is_working_in, scope_for

STEP = "journeys.hand_over"
LONGEST_WORDS, LONGEST_REFUSAL = 2000, 250


class HandOverRefused(OperationError):  # noqa: N818 - the words of the screen
    """A relay that cannot be proposed or answered so."""


class RelayNeeded(EnrolmentRefused):
    """An exit that the practice allows only once someone else follows the person."""


@transaction.atomic
def request_hand_over(
    *,
    person: Person,
    enrolment: Enrolment | None = None,
    to_organisation: Organisation,
    to_user: User | None = None,
    moves_file: bool = False,
    words: str = "",
    by: Membership,
    now: datetime,
) -> HandOver:
    """Propose to a colleague or to another organisation to follow a person, in one parcours or altogether.

    Another organisation may read the file from now on, to decide; it is told nothing sensitive before. Refused
    (HandOverRefused): someone who does not see this file or follow people in this action, a file moved, or the file of
    a protected person shown elsewhere, by someone who is not of its referent team, a parcours that is over, nobody or
    oneself as the next referent, a relay already proposed for the same thing.
    """
    _check_request(person, enrolment, to_organisation, to_user, moves_file, by)
    open_ones = HandOver.objects.filter(person=person, enrolment=enrolment, state=HandOverState.PROPOSED)
    if open_ones.exists():
        raise HandOverRefused("Un relais est déjà proposé : annulez-le avant d’en proposer un autre.")
    try:
        with transaction.atomic():
            hand_over = HandOver.objects.create(
                person=person,
                enrolment=enrolment,
                from_user=by.user,
                from_organisation_id=by.organisation_id,
                to_organisation=to_organisation,
                to_user=to_user,
                moves_file=moves_file,
                words=words.replace("\x00", "").strip()[:LONGEST_WORDS],
                proposed_at=now,
            )
    except IntegrityError as clash:
        raise HandOverRefused("Un relais vient d’être proposé par quelqu’un d’autre.") from clash
    if to_organisation.pk != by.organisation_id:
        open_grant(
            person=person,
            organisation=to_organisation,
            scope=GrantScope.FILE,
            origin=hand_over.ref,
            reason="relais proposé",
            by=by,
            now=now,
        )
    return hand_over


@transaction.atomic
def refuse_hand_over(*, hand_over: HandOver, words: str, version: int, by: Membership, now: datetime) -> HandOver:
    """Say no, with words for who asked; the file closes again to the organisation that refuses.

    Refused (HandOverRefused): someone to whom it was not proposed, without words, answered already; EditConflict.
    """
    _require_recipient(hand_over, by)
    locked = _take(hand_over, version)
    refusal = tidied(words=words, longest=LONGEST_REFUSAL)
    if not refusal:
        raise HandOverRefused("Dites en quelques mots pourquoi, pour que l’on cherche ailleurs.", field="words")
    locked.state, locked.refusal = HandOverState.REFUSED, refusal
    return _answer(locked, by, now)


@transaction.atomic
def cancel_hand_over(*, hand_over: HandOver, version: int, by: Membership, now: datetime) -> HandOver:
    """Take back a proposal not answered yet; the file closes again to the organisation it was proposed to.

    Refused (HandOverRefused): someone of another organisation than the one that proposed; EditConflict.
    """
    if by.organisation_id != hand_over.from_organisation_id or not works_with_people(by):
        raise HandOverRefused("Seule l’organisation qui propose le relais peut l’annuler.")
    locked = _take(hand_over, version)
    locked.state = HandOverState.CANCELLED
    return _answer(locked, by, now)


@transaction.atomic
def complete_hand_over(
    *,
    hand_over: HandOver,
    first_appointment_at: datetime,
    user: User | None = None,
    version: int,
    by: Membership,
    now: datetime,
) -> HandOver:
    """Take the relay, a first meeting being fixed: ``user`` (``by``'s unless given) becomes the referent.

    In the parcours when that organisation follows people in the action; of the whole file when ``moves_file``: the
    former organisation then keeps only what its actions open to it. ``journeys.handed_over`` in the fil. Called by the
    agenda, which makes the meeting. Refused (HandOverRefused): someone to whom it was not proposed, a referent who does
    not work with people there, a meeting in the past, answered already; EditConflict.
    """
    _require_recipient(hand_over, by)
    locked = _take(hand_over, version)
    referent = user or hand_over.to_user or by.user
    if not is_working_in(referent, hand_over.to_organisation_id):
        raise HandOverRefused("Choisissez quelqu’un qui suit des personnes dans cette organisation.", field="user")
    if first_appointment_at <= now:
        raise HandOverRefused("Le premier rendez-vous doit être à venir.", field="starts")
    locked.state, locked.first_appointment_at, locked.to_user = HandOverState.ACCEPTED, first_appointment_at, referent
    _change_hands(locked, referent, by, now)
    enrolment = locked.enrolment
    record(
        "journeys.handed_over",
        emitter=STEP,
        action=enrolment.action if enrolment else None,
        at=now,
        person=locked.person,
        organisation=locked.to_organisation,
        cohort=cohort_of(enrolment=enrolment) if enrolment else None,
        by=by,
        now=now,
        data={"moves_file": locked.moves_file},
    )
    return _answer(locked, by, now)


def refuse_silent_stop(*, enrolment: Enrolment, reason: str) -> None:
    """Raise RelayNeeded for an exit that the practice allows only once someone else has taken the relay."""
    for step in steps_of_kind(enrolment.action, EXIT):
        asked = settings_of(enrolment.action, step.key).get("hand_over_reasons") or ()
        if reason in asked and not is_handed_over(enrolment):
            words = str(CloseReason(reason).label)
            raise RelayNeeded(
                f"Sortie pour «\u00a0{words}\u00a0» : personne ne prend encore la suite. Proposez un relais ; la sortie"
                " s’enregistre dès qu’il est accepté, avec un premier rendez-vous.",
                field="reason",
            )


def _check_request(
    person: Person,
    enrolment: Enrolment | None,
    to_organisation: Organisation,
    to_user: User | None,
    moves_file: bool,
    by: Membership,
) -> None:
    scope = scope_for(by, person)
    if scope is None:
        raise HandOverRefused("Ce dossier ne vous est pas ouvert.")
    if enrolment is not None:
        require_following(enrolment=enrolment, by=by, refusal=HandOverRefused)
        require_open(enrolment=enrolment, refusal=HandOverRefused)
    if (moves_file or enrolment is None) and not is_of_referent_team(scope):
        raise HandOverRefused("Seule l’équipe référente passe le relais du dossier entier.", field="moves_file")
    sees_already = to_organisation.pk in (by.organisation_id, person.referent_organisation_id)
    if person.is_protected and not sees_already and not is_of_referent_team(scope):
        raise HandOverRefused("Le dossier de cette personne est protégé : seule son équipe référente l’ouvre ailleurs.")
    if enrolment is None and not moves_file and to_organisation.pk != by.organisation_id:
        raise HandOverRefused(
            "Dites ce que l’autre structure reprend : le dossier, ou un parcours.", field="moves_file"
        )
    if to_organisation.origin != OrganisationOrigin.LOCAL:
        raise HandOverRefused("Choisissez une organisation de cette instance.", field="to_organisation")
    if to_user is not None and not is_working_in(to_user, to_organisation.pk):
        raise HandOverRefused("Cette personne ne suit personne dans cette organisation.", field="to_user")
    if to_user is None and to_organisation.pk == by.organisation_id:
        raise HandOverRefused("Dites à quel collègue vous passez le relais.", field="to_user")
    referent = enrolment.referent_id if enrolment is not None else person.referent_id
    if to_user is not None and to_user.pk == referent:
        raise HandOverRefused("Cette personne la suit déjà.", field="to_user")


def _require_recipient(hand_over: HandOver, by: Membership) -> None:
    if by.organisation_id != hand_over.to_organisation_id or not works_with_people(by):
        raise HandOverRefused("Ce relais ne vous est pas proposé.")


def _take(hand_over: HandOver, version: int) -> HandOver:
    locked = check_version(hand_over, version)
    if locked.state != HandOverState.PROPOSED:
        raise HandOverRefused("Une réponse a déjà été donnée à ce relais.")
    locked.person, locked.enrolment = hand_over.person, hand_over.enrolment
    return locked


def _answer(hand_over: HandOver, by: Membership, now: datetime) -> HandOver:
    hand_over.answered_at, hand_over.answered_by = now, by.user
    hand_over.save()
    keeps_reading = hand_over.state == HandOverState.ACCEPTED and not hand_over.moves_file
    if not keeps_reading:
        close_grants(origin=hand_over.ref, person=hand_over.person, by=by, now=now)
    return hand_over


def _change_hands(hand_over: HandOver, referent: User, by: Membership, now: datetime) -> None:
    given: dict[str, Any] = {"person": hand_over.person, "referent": referent, "by": by, "now": now}
    is_within = hand_over.from_organisation_id == hand_over.to_organisation_id
    holds_file = hand_over.person.referent_organisation_id == hand_over.to_organisation_id
    was_hers = hand_over.person.referent_id == hand_over.from_user_id
    if hand_over.moves_file or (hand_over.enrolment is None) or (is_within and holds_file and was_hers):
        transfer_file(organisation=hand_over.to_organisation, **given)
    if hand_over.enrolment is None:
        return
    action = hand_over.enrolment.action
    follows = action.organisation_id == hand_over.to_organisation_id or (
        partners_seeing_people(action).filter(organisation=hand_over.to_organisation_id).exists()
    )
    if follows:
        open_one = Enrolment.objects.select_for_update().filter(pk=hand_over.enrolment.pk, state=EnrolmentState.OPEN)
        for enrolment in open_one:
            enrolment.referent, enrolment.version = referent, enrolment.version + 1
            enrolment.save(update_fields=["referent", "version"])
