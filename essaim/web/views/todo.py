"""« À faire »: the first page of those who follow people."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import SIGNED_IN, WORKS_WITH_PEOPLE, current_membership
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.tables import Column, Empty, Table
from essaim.web.forms.todo import SnoozeForm
from essaim.web.operations import snooze_line
from essaim.web.queries import TodoFilters, count_todo_for, get_line_for, list_todo_for, side_of_todo_for, todo_for

LINES = Table(
    name="à faire",
    noun="chose",
    columns=(
        Column("due", "Pour le", "due", sort=("due", "since")),
        Column("since", "Depuis le", "since"),
        Column("what", "Quoi", "what"),
        Column("detail", "Précision", "detail"),
        Column("person", "Personne", "person_name"),
        Column("code", "Code", "person_code"),
        Column("title", "Objet", "title"),
        Column("why", "Ce que dit la fiche", "why"),
        Column("action", "Action", "action_title"),
    ),
    order="due",
    empty=Empty("Rien à faire"),
)


@access(WORKS_WITH_PEOPLE)
def todo(request: MemberRequest) -> HttpResponse:
    """What the reader, or her team, has to do within the week."""
    filters = _filters(request)
    day, now = today(), timezone.now()
    side = side_of_todo_for(request.membership, day)
    context = {
        "todo": todo_for(request.membership, day, filters),
        "side": side,
        "next_up": side.next_after(now),
        "filters": filters,
        "day": day,
        "now": now,
    }
    return render(request, "web/todo.html", context)


@access(WORKS_WITH_PEOPLE)
def todo_file(request: MemberRequest) -> HttpResponse:
    """The same lines, all of them, as a file."""
    return LINES.file(request.GET, list_todo_for(request.membership, today(), _filters(request)))


def _filters(request: MemberRequest) -> TodoFilters:
    asked = request.GET
    return TodoFilters(
        is_team=asked.get("pour") == "equipe",
        action=asked.get("action", "").replace("\x00", "")[:64],
        kind=asked.get("motif", "").replace("\x00", "")[:60],
    )


@access(SIGNED_IN)
def count(request: HttpRequest) -> HttpResponse:
    """The counter of the bars, fetched once the page is there: not even a line break when nothing waits, so that its
    chip stays hidden.
    """
    number = count_todo_for(current_membership(request), today())
    return HttpResponse(render_to_string("web/_todo_count.html", {"number": number}).strip())


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def snooze(request: MemberRequest, kind: str, subject: str) -> HttpResponse:
    """Put off one line until a day, with the reason."""
    day = today()
    line = get_line_for(request.membership, day, kind, subject)
    if line is None and request.method == "GET":
        raise Http404
    form = SnoozeForm(request.POST or None, today=day, initial={"until": day + timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_snooze_once(request, kind, subject, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "web/snooze.html", {"form": form, "line": line})


def _snooze_once(request: MemberRequest, kind: str, subject: str, form: SnoozeForm) -> str:
    def create() -> str:
        until = form.cleaned_data["until"]
        snooze_line(
            kind=kind,
            subject=subject,
            until=until,
            reason=form.cleaned_data["reason"],
            by=request.membership,
            now=timezone.now(),
        )
        messages.success(request, f"Ce rappel reviendra le {long_day(until)}.")
        return reverse("web:todo")

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=timezone.now(), create=create)
