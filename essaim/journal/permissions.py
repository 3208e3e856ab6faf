"""Who may read which action of the journal. Partners are known to the layer above, which widens this."""

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership
from essaim.accounts.permissions import ROLES_STEERING, has_role
from essaim.journal.models import Action

ROLES_READING_IMPORTED = frozenset({Role.MANAGER, Role.STEERING})


def reads_imported_actions(viewer: Membership | None) -> bool:
    """Whether the viewer may read the actions of imported journals: operators, managers, steering members."""
    return (
        viewer is not None
        and viewer.until is None
        and (viewer.user.is_operator or has_role(viewer, ROLES_READING_IMPORTED))
    )


def carries(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer's organisation runs this action in this instance."""
    return (
        viewer is not None
        and viewer.until is None
        and not action.is_imported
        and action.organisation_id == viewer.organisation_id
    )


def reads_fil_of(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer may read the fil of this action; of people, she sees those whose file she may open."""
    if action.is_imported:
        return reads_imported_actions(viewer)
    return carries(viewer, action) and has_role(viewer, ROLES_STEERING)
