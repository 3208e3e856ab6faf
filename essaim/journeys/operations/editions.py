"""The next edition of an action, here or on another territory: everything is taken over, except people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.guide.models import Practice
from essaim.guide.queries import get_practice
from essaim.journal.models import Action
from essaim.journeys.models import Edition
from essaim.journeys.operations.launch import launch_action
from essaim.journeys.permissions import may_steer
from essaim.kernel.errors import OperationError


class EditionRefused(OperationError):  # noqa: N818 - the words of the screen
    """An action that cannot be taken over."""


@transaction.atomic
def duplicate_action(*, source: Action, arguments: Mapping[str, Any], by: Membership, now: datetime) -> Action:
    """Launch the next edition of an action, from the version of its fiche in force.

    ``arguments`` are those of ``launch_action``, practice, organisation, author and date aside. Guarantees a new
    action without anybody in it, and its place in the line of editions: the number after the last one, whoever else
    copies an action of this line at the same moment.
    Refused (EditionRefused): by someone who does not steer the source, an imported action, a fiche that is no longer
    proposed; and (LaunchRefused) all that a launch refuses.
    """
    if source.is_imported or not may_steer(by, source):
        raise EditionRefused("Vous ne pouvez pas reprendre cette action.")
    try:
        practice = get_practice(source.practice.slug)
    except Practice.DoesNotExist:
        raise EditionRefused("La fiche de cette action n’est plus proposée : elle ne peut pas être reprise.") from None
    first = _lock_line(source)
    last = Edition.objects.filter(first=first).order_by("-number").values_list("number", flat=True).first()
    action = launch_action(practice=practice, organisation=by.organisation, by=by, now=now, **arguments)
    Edition.objects.create(action=action, first=first, copied_from=source, number=(last or 1) + 1)
    return action


def _lock_line(source: Action) -> Action:
    """Return the first action of the line, locked until the end, with its own place written."""
    locked = Action.objects.select_for_update(no_key=True).defer("definition")
    source = locked.get(pk=source.pk)
    place = Edition.objects.filter(action=source).first()
    if place is None:
        Edition.objects.create(action=source, first=source, number=1)
        return source
    return source if place.first_id == source.pk else locked.get(pk=place.first_id)
