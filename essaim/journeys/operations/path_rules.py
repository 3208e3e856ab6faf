"""What every change along a parcours checks."""

from collections.abc import Iterable

from essaim.accounts.models import Membership
from essaim.guide.engine.schema import Step
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries.actions import is_partner_seeing_people, steps_of_kind
from essaim.kernel.errors import OperationError
from essaim.people.queries import scope_for


def require_following(*, enrolment: Enrolment, by: Membership, refusal: type[OperationError]) -> None:
    """Raise ``refusal`` unless ``by`` follows people in this action and may open this file."""
    partner = is_partner_seeing_people(by, enrolment.action)
    if not may_accompany(by, enrolment.action, is_partner_seeing_people=partner):
        raise refusal("Vous ne suivez pas de personnes dans cette action.")
    if scope_for(by, enrolment.person) is None:
        raise refusal("Ce dossier ne vous est pas ouvert.")
    if enrolment.state == EnrolmentState.CANCELLED:
        raise refusal("Ce parcours est annulé.")


def require_open(*, enrolment: Enrolment, refusal: type[OperationError]) -> None:
    """Raise ``refusal`` when the parcours is over."""
    if enrolment.state != EnrolmentState.OPEN:
        raise refusal("Ce parcours est terminé.")


def require_step(*, action: Action, kind: str, refusal: type[OperationError], words: str) -> list[Step]:
    """Return the steps of this kind that the practice of the action has. Raise ``refusal(words)`` when none."""
    steps = steps_of_kind(action, kind)
    if not steps:
        raise refusal(words)
    return steps


def cohort_of(*, enrolment: Enrolment) -> str | None:
    """Return the reference of her group, which the facts of a parcours carry."""
    return enrolment.group.ref if enrolment.group else None


def tidied(*, words: str, longest: int) -> str:
    """Return free words on one line, without control character, cut at ``longest``."""
    return " ".join(words.replace("\x00", "").split())[:longest]


def enumerated(*, words: Iterable[str]) -> str:
    """Return « un, deux et trois »."""
    *firsts, last = words
    return f"{', '.join(firsts)} et {last}" if firsts else last
