"""What the address of the calendar asks for."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from essaim.kernel.days import today

DAY, WEEK, LIST = "jour", "semaine", "liste"
MINE = "moi"
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: anything unknown in it is set aside."""

    view: str
    day: date
    who: str
    room: str
    action: str

    def url(self, **changes: Any) -> str:
        """The address of the same page, with something else."""
        given = {"vue": self.view, "jour": self.day.isoformat(), "qui": self.who, "lieu": self.room}
        given |= {"action": self.action} | changes
        return f"{reverse('agenda:home')}?{urlencode({key: value for key, value in given.items() if value})}"


def read_asked(given: QueryDict) -> Asked:
    """Read the address: the week of today and one's own agenda unless it says otherwise."""
    try:
        day = date.fromisoformat(given.get("jour", ""))
    except ValueError:
        day = today()
    view = given.get("vue", "")
    return Asked(
        view if view in (DAY, WEEK, LIST) else WEEK,
        min(max(day, EARLIEST), LATEST),
        given.get("qui", "") or ("" if given.get("lieu") or given.get("action") else MINE),
        given.get("lieu", ""),
        given.get("action", ""),
    )
