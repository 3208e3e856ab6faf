"""Actions of the instance itself."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation, Territory
from essaim.guide.models import Practice
from essaim.journal.engine.schema import load_schema
from essaim.journal.models import Action
from essaim.kernel.errors import OperationError


class ActionRefused(OperationError):  # noqa: N818 - the words of the screen
    """The action cannot be created as asked."""


@transaction.atomic
def create_action(
    *,
    practice: Practice,
    organisation: Organisation,
    territory: Territory | None,
    title: str,
    starts: date,
    ends: date,
    settings: Mapping[str, Any],
    places: int | None,
    by: Membership,
    now: datetime,
) -> Action:
    """Open an action of ``practice`` and freeze the definition and version of its file.

    Guarantees an open action under a new public code. ``settings`` are kept as given (``journeys.launch_action``
    checks them against the practice). Raises ActionRefused for an empty title, dates out of order or a setting key of
    another form than the journal's. Records no fact.
    """
    if not title.strip():
        raise ActionRefused("Donnez un titre à l’action.", field="title")
    if ends < starts:
        raise ActionRefused("La fin est avant le début.", field="ends")
    is_key = load_schema().setting_key.fullmatch
    if not all(is_key(key) for key in settings):
        raise ActionRefused("Un réglage porte un nom qui n’est pas une clé de la fiche.", field="settings")
    return Action.objects.create(
        practice=practice,
        definition=practice.definition,
        organisation=organisation,
        territory=territory,
        title=title.strip(),
        starts=starts,
        ends=ends,
        settings=dict(settings),
        places=places,
        created_at=now,
        created_by=by.user,
    )
