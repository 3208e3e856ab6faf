"""Actions, for whoever asks."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journal.permissions import reads_imported_actions


def list_actions_for(viewer: Membership | None, *, words: str = "", practice: str = "") -> QuerySet[Action]:
    """Return the actions that the viewer's organisation runs, and the imported ones for those who read them.

    ``words`` narrows by title or code, ``practice`` by slug. Partners' actions: ``journeys.queries``.
    """
    if viewer is None or viewer.until is not None:
        return Action.objects.none()
    allowed = Q(is_imported=False, organisation_id=viewer.organisation_id)
    if reads_imported_actions(viewer):
        allowed |= Q(is_imported=True)
    actions = Action.objects.filter(allowed).select_related("practice", "organisation")
    if words:
        actions = actions.filter(Q(title__icontains=words) | Q(ref__iexact=words))
    return actions.filter(practice__slug=practice) if practice else actions


def get_action_for(viewer: Membership | None, ref: str) -> Action:
    """Return the action under this public code or reference. Raises Action.DoesNotExist when not for the viewer."""
    return list_actions_for(viewer).get(ref=ref)
