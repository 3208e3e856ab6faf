"""Who may do what with an action and its parcours."""

from essaim.accounts.enums import ROLES_SEEING_PEOPLE, Role
from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journal.permissions import carries

ROLES_LAUNCHING = frozenset({Role.MANAGER, Role.COUNSELLOR, Role.STEERING})


def may_launch(viewer: Membership | None) -> bool:
    """Whether the viewer may launch an action for her organisation."""
    return viewer is not None and viewer.until is None and viewer.role in ROLES_LAUNCHING


def may_steer(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer may change the action itself: settings, partners, targets, budget."""
    return may_launch(viewer) and carries(viewer, action)


def may_accompany(viewer: Membership | None, action: Action, *, is_partner_seeing_people: bool) -> bool:
    """Whether the viewer may enrol people into this action and follow them there."""
    return (
        viewer is not None
        and viewer.until is None
        and not action.is_imported
        and viewer.role in ROLES_SEEING_PEOPLE
        and (carries(viewer, action) or is_partner_seeing_people)
    )


def may_manage(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer is a manager of the organisation that carries the action."""
    return carries(viewer, action) and viewer is not None and viewer.role == Role.MANAGER


def may_examine(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer is of the team that receives who is oriented to this action, decides and calls the queue."""
    return carries(viewer, action) and viewer is not None and viewer.role in ROLES_SEEING_PEOPLE


def may_prescribe(viewer: Membership | None, action: Action, *, is_prescriber: bool) -> bool:
    """Whether the viewer may orient people to this action: the team that carries it, or a partner that prescribes."""
    return (
        viewer is not None
        and viewer.until is None
        and not action.is_imported
        and viewer.role in ROLES_SEEING_PEOPLE
        and (carries(viewer, action) or is_prescriber)
    )
