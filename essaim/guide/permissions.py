"""Who may propose a variant, read it before it is published, read it over, withdraw it."""

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership
from essaim.guide.enums import OPEN_STATES, VariantState
from essaim.guide.models import Variant

ROLES_PROPOSING = frozenset({Role.MANAGER, Role.COUNSELLOR, Role.STEERING})


def may_propose(viewer: Membership | None) -> bool:
    """Whether the viewer may propose practices for her organisation: she who may launch them."""
    return viewer is not None and viewer.until is None and viewer.role in ROLES_PROPOSING


def may_read_variant(viewer: Membership | None, variant: Variant) -> bool:
    """Whether the viewer is of the team that prepares it."""
    return may_propose(viewer) and viewer is not None and viewer.organisation_id == variant.organisation_id


def may_edit_variant(viewer: Membership | None, variant: Variant) -> bool:
    """Whether the viewer may write in it: the whole team, while it is a draft."""
    return may_read_variant(viewer, variant) and variant.state == VariantState.DRAFT


def may_review_variant(viewer: Membership | None, variant: Variant, *, has_written: bool) -> bool:
    """Whether the viewer may decide of it: someone of the team who wrote nothing in it."""
    return may_read_variant(viewer, variant) and variant.state == VariantState.REVIEW and not has_written


def may_withdraw_variant(viewer: Membership | None, variant: Variant) -> bool:
    """Whether the viewer may withdraw it: its author, a manager."""
    if viewer is None or not may_read_variant(viewer, variant):
        return False
    is_hers = viewer.role == Role.MANAGER or viewer.user_id == variant.author_id
    return is_hers and variant.state in {*OPEN_STATES, VariantState.PUBLISHED}
