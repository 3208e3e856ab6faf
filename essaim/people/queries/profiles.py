"""Dated profiles, as each viewer may read them."""

from dataclasses import dataclass
from datetime import date

from essaim.accounts.models import Membership
from essaim.people.enums import SENSITIVE_STATUSES, GrantScope, Mobility, ProfileZone, Status
from essaim.people.models import Person, Profile
from essaim.people.queries.access import scope_for

PROFILES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ShownProfile:
    """A dated profile as this viewer may read it: sensitive statuses only for the referent team."""

    profile: Profile
    statuses: tuple[str, ...]

    @property
    def status_labels(self) -> list[str]:
        """The situations in words."""
        return [str(Status(status).label) for status in self.statuses if status in Status.values]

    @property
    def zone_labels(self) -> list[str]:
        """The zones in words."""
        return [str(ProfileZone(zone).label) for zone in self.profile.zones if zone in ProfileZone.values]

    @property
    def mobility_labels(self) -> list[str]:
        """How she gets about, in words."""
        return [str(Mobility(way).label) for way in self.profile.mobility if way in Mobility.values]


def get_profile(person: Person, on: date | None = None) -> Profile | None:
    """Return the latest profile, or the latest of a day not after ``on``. For operations: nothing is hidden
    here.
    """
    profiles = person.profiles.all() if on is None else person.profiles.filter(day__lte=on)
    return profiles.order_by("-day", "-recorded_at", "-pk").first()


def get_profile_for(viewer: Membership | None, person: Person) -> ShownProfile | None:
    """Return the latest profile as the viewer may read it, or None when there is none or the file is not
    visible.
    """
    return next(iter(_shown(viewer, person, 1)), None)


def list_profiles_for(viewer: Membership | None, person: Person) -> list[ShownProfile]:
    """Return the dated profiles as the viewer may read them, newest first, the last ``PROFILES_SHOWN``."""
    return _shown(viewer, person, PROFILES_SHOWN)


def _shown(viewer: Membership | None, person: Person, most: int) -> list[ShownProfile]:
    scope = scope_for(viewer, person)
    if scope is None:
        return []
    hidden = frozenset() if scope == GrantScope.REFERENT else SENSITIVE_STATUSES
    latest = person.profiles.select_related("recorded_by").order_by("-day", "-recorded_at", "-pk")[:most]
    return [
        ShownProfile(profile, tuple(status for status in profile.statuses if status not in hidden))
        for profile in latest
    ]
