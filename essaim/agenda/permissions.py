"""Who may make, hold and read appointments. Which ones exist for a reader is the business of the queries."""

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.permissions import may_accompany, may_steer
from essaim.people.permissions import works_with_people


def may_meet(
    viewer: Membership | None, action: Action | None, organisation_id: int, *, is_partner_seeing_people: bool
) -> bool:
    """Whether the viewer may make or hold appointments: in an action, who follows people there; without action, who
    works with people in the organisation that receives.
    """
    if action is not None:
        return may_accompany(viewer, action, is_partner_seeing_people=is_partner_seeing_people)
    return viewer is not None and works_with_people(viewer) and viewer.organisation_id == organisation_id


def may_run_meetings(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer calls the meetings of an action and writes their minutes: who steers it in the organisation
    that carries it.
    """
    return may_steer(viewer, action)


def may_settle(viewer: Membership | None, action: Action, owner_id: int | None) -> bool:
    """Whether the viewer may say what came of a decision: who runs the meetings, or the one it was given to."""
    return may_run_meetings(viewer, action) or (viewer is not None and owner_id == viewer.user_id)
