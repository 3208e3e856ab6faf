"""The agenda: a day, a week, or the list of appointments; mine, a colleague's, the team's, a room's, an action's."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from essaim.accounts.models import User
from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.agenda.engine.calendar import ROWS_AN_HOUR, week_of
from essaim.agenda.engine.moments import PARIS
from essaim.agenda.enums import Holiday
from essaim.agenda.forms.calendar import DAY, LIST, MINE, WEEK, Asked, read_asked
from essaim.agenda.models import Room
from essaim.agenda.queries import list_meeting_rooms, list_meeting_users
from essaim.agenda.queries.calendar import Calendar, CalendarFilters, get_calendar_for, list_calendar_actions
from essaim.agenda.views.meeting_table import read_meetings
from essaim.journal.models import Action
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.formats import long_day

VIEWS = [(DAY, "Jour"), (WEEK, "Semaine"), (LIST, "Liste")]
SATURDAY = 5


@access(WORKS_WITH_PEOPLE)
def home(request: MemberRequest) -> HttpResponse:
    """The calendar, or the list."""
    asked = read_asked(request.GET)
    users, rooms = list(list_meeting_users(request.membership)), list(list_meeting_rooms(request.membership))
    days = week_of(asked.day) if asked.view == WEEK else [asked.day]
    actions = list_calendar_actions(request.membership, days[0], days[-1])
    context = {"asked": asked, "users": users, "rooms": rooms, "actions": actions, "views": _views(asked)}
    if asked.view == LIST:
        return _list(request, context)
    filters = _filters(request, asked, users, rooms, actions)
    calendar = get_calendar_for(request.membership, days, filters)
    shown = [one for one in calendar.days if one.day.weekday() < SATURDAY or one.placed or one.day == asked.day]
    calendar = replace(calendar, days=shown)
    context |= {"calendar": calendar, "columns": _columns(calendar), "filters": filters} | _moves(asked, days)
    return render(request, "agenda/calendar.html", context)


def _list(request: MemberRequest, context: dict[str, Any]) -> HttpResponse:
    table = read_meetings(request)
    if table.export_format:
        return table.export()
    return render(request, "agenda/meeting_list.html", context | {"table": table})


def _filters(
    request: MemberRequest, asked: Asked, users: list[User], rooms: list[Room], actions: list[Action]
) -> CalendarFilters:
    colleague = next((user for user in users if str(user.uuid) == asked.who), None)
    return CalendarFilters(
        user=request.membership.user if asked.who == MINE else colleague,
        room=next((room for room in rooms if room.ref == asked.room), None),
        action=next((action for action in actions if action.ref == asked.action), None),
    )


def _views(asked: Asked) -> list[tuple[str, str, bool]]:
    return [(label, asked.url(vue=key), key == asked.view) for key, label in VIEWS]


def _moves(asked: Asked, days: list[date]) -> dict[str, Any]:
    step = timedelta(days=7 if asked.view == WEEK else 1)
    first, last = days[0], days[-1]
    words = long_day(first, weekday=True)
    if asked.view == WEEK:
        words = f"semaine du {long_day(first, year=first.year != last.year)} au {long_day(last)}"
    return {
        "before_url": asked.url(jour=(asked.day - step).isoformat()),
        "after_url": asked.url(jour=(asked.day + step).isoformat()),
        "today_url": asked.url(jour=""),
        "period": words,
        "is_now": first <= today() <= last,
    }


def _columns(calendar: Calendar) -> list[dict[str, Any]]:
    """Each day with its free hours: a link a coming hour, to make an appointment then."""
    now = timezone.now()
    return [
        {
            "day": day,
            "is_today": day.day == today(),
            "holiday": Holiday(day.holiday).label if day.holiday else "",
            "slots": [
                (number * ROWS_AN_HOUR + 1, f"{day.day.isoformat()}T{hour:02d}:00", hour)
                for number, hour in enumerate(calendar.hours)
                if datetime.combine(day.day, time(hour), tzinfo=PARIS) > now
            ],
            "new": f"{day.day.isoformat()}T09:00" if day.day > today() else "",
        }
        for day in calendar.days
    ]
