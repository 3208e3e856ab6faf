"""Settings of a running action: each change is dated and traced."""

from datetime import datetime
from typing import Any

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.guide.engine.settings import check_value
from essaim.journal.models import Action
from essaim.journeys.models import SettingChange
from essaim.journeys.operations.limits import derive_terms
from essaim.journeys.permissions import may_steer
from essaim.journeys.queries.actions import practice_of
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError


class SettingRefused(OperationError):  # noqa: N818 - the words of the screen
    """A setting that cannot take this value."""


@transaction.atomic
def change_setting(
    *, action: Action, key: str, value: Any, version: int, by: Membership, now: datetime
) -> SettingChange | None:
    """Give a setting of an action another value from now on, and keep the old one, the date and the author.

    Returns None when the value is the same. Refused: by someone who does not steer the action, an unknown
    setting, a value that the practice does not allow (SettingRefused), a change made by someone else
    meanwhile (EditConflict).
    """
    if not may_steer(by, action):
        raise SettingRefused("Vous ne pouvez pas modifier les réglages de cette action.")
    setting = practice_of(action).settings.get(key)
    if setting is None:
        raise SettingRefused("Ce réglage n’existe pas dans la fiche.")
    if (fault := check_value(setting, value)) is not None:
        raise SettingRefused(f"{fault[:1].upper()}{fault[1:]}.", field=key)
    locked = check_version(action, version)
    old = locked.settings.get(key)
    if old == value and type(old) is type(value):
        return None
    locked.settings = locked.settings | {key: value}
    locked.save(update_fields=["settings", "version"])
    derive_terms(action=locked)
    return SettingChange.objects.create(action=locked, key=key, old_value=old, new_value=value, at=now, by=by.user)
