"""Who may read which action of the journal. Partners are known to the layer above, which widens this."""

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership
from essaim.journal.models import Action

ROLES_READING_IMPORTED = frozenset({Role.MANAGER, Role.STEERING})


def reads_imported_actions(viewer: Membership | None) -> bool:
    """Whether the viewer may read the actions of imported journals: operators, managers, steering members."""
    return (
        viewer is not None
        and viewer.until is None
        and (viewer.user.is_operator or viewer.role in {role.value for role in ROLES_READING_IMPORTED})
    )


def carries(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer's organisation runs this action in this instance."""
    return (
        viewer is not None
        and viewer.until is None
        and not action.is_imported
        and action.organisation_id == viewer.organisation_id
    )
