"""The actions whose live bilan a reader may open."""

from __future__ import annotations

from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.queries import list_actions_for, merely_funded


def list_bilans_for(viewer: Membership | None) -> QuerySet[Action]:
    """Return the viewer's actions, less those that her organisation only funds.

    A funder reads frozen bilans whose small cells are hidden: live figures, read twice, could tell of one person.
    """
    return list_actions_for(viewer).exclude(merely_funded(viewer))


def get_bilan_action_for(viewer: Membership | None, ref: str) -> Action:
    """Return the action of this bilan. Raises Action.DoesNotExist when the viewer may not open its live bilan."""
    return list_bilans_for(viewer).get(ref=ref)
