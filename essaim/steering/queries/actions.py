"""The actions whose live bilan a reader may open."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.enums import PartnerRole
from essaim.journeys.models import ActionPartner
from essaim.journeys.queries import list_actions_for


def list_bilans_for(viewer: Membership | None) -> QuerySet[Action]:
    """Return the viewer's actions, less those that her organisation only funds.

    A funder reads frozen bilans whose small cells are hidden: live figures, read twice, could tell of one person.
    """
    if viewer is None:
        return list_actions_for(viewer)
    open_ones = ActionPartner.objects.filter(
        action=OuterRef("pk"), organisation_id=viewer.organisation_id, until__isnull=True
    )
    funds = Q(Exists(open_ones.filter(role=PartnerRole.FUNDER)))
    takes_part = Q(Exists(open_ones.exclude(role=PartnerRole.FUNDER)))
    return list_actions_for(viewer).exclude(funds & ~takes_part)


def get_bilan_action_for(viewer: Membership | None, ref: str) -> Action:
    """Return the action of this bilan. Raises Action.DoesNotExist when the viewer may not open its live bilan."""
    return list_bilans_for(viewer).get(ref=ref)
