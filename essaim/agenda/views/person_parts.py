"""What agenda adds to a person's page: her next appointment under her name; the tab of her appointments and goals."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.agenda.enums import AppointmentState, GoalState
from essaim.agenda.queries import (
    list_appointments_of_for,
    list_goals_of_for,
    list_open_actions_of_for,
    next_appointment_for,
)
from essaim.agenda.views.session_finding import find_person
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.panels import panel

PAST_SHOWN = 50


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "appointments")
def next_appointment(request: MemberRequest, ref: str) -> HttpResponse:
    """The next appointment, under the person's name."""
    person = find_person(request, ref)
    context = {"person": person, "appointment": next_appointment_for(request.membership, person)}
    return render(request, "agenda/_next.html", context)


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "appointments")
def appointments(request: MemberRequest, ref: str) -> HttpResponse:
    """Appointments to come, goals, and what took place."""
    person, now = find_person(request, ref), timezone.now()
    found = list(list_appointments_of_for(request.membership, person)[: PAST_SHOWN * 2])
    planned = [one for one in found if one.state == AppointmentState.PLANNED]
    goals = list(list_goals_of_for(request.membership, person))
    reviewed = [goal for goal in goals if goal.state != GoalState.SET]
    context = {
        "person": person,
        "coming": sorted((one for one in planned if one.ends > now), key=lambda one: one.starts),
        "to_record": [one for one in planned if one.ends <= now],
        "past": [one for one in found if one.state != AppointmentState.PLANNED],
        "open_goals": sorted((goal for goal in goals if goal.state == GoalState.SET), key=lambda goal: goal.due_on),
        "reviewed": [(one, list(those)) for one, those in groupby(reviewed, key=lambda goal: goal.set_at)],
        "actions": list_open_actions_of_for(request.membership, person),
    }
    return render(request, "agenda/_person_appointments.html", context)
