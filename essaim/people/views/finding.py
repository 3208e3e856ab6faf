"""What every view of a file begins with: the file, for this reader, and the note that she opened it."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import note_read
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import CreateForm, apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.people.models import Person
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import get_person_for

PART = "people/part_new.html"


def find_person(request: MemberRequest, code: str) -> Person:
    """Return the file, its reading noted. Http404 when this reader does not see it."""
    try:
        subject = get_person_for(request.membership, code)
    except Person.DoesNotExist:
        raise Http404 from None
    note_read(request, "person", subject.code)
    return subject


def find_own_person(request: MemberRequest, code: str) -> Person:
    """Return a file of the reader's referent team. Http404 otherwise."""
    subject = find_person(request, code)
    if not shows_sensitive(subject):
        raise Http404
    return subject


def tab_url(code: str, tab: str) -> str:
    """The file, opened on that tab."""
    return f"{reverse('people:person', args=[code])}?onglet={tab}"


def add_part(
    request: MemberRequest,
    subject: Person,
    form: CreateForm,
    make: Callable[..., object],
    *,
    tab: str,
    title: str,
    submit: str,
) -> HttpResponse:
    """Show the form of one thing to add to a file, or add it once and go back to its tab.

    ``make`` is the operation, which takes the form's data, ``by`` and ``now``.
    """
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_add_once(request, form, make, tab_url(subject.code, tab)))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"person": subject, "form": form, "title": title, "submit": submit, "back": tab_url(subject.code, tab)}
    return render(request, PART, context)


def _add_once(request: MemberRequest, form: CreateForm, make: Callable[..., object], url: str) -> str:
    now = timezone.now()
    given = {key: value for key, value in form.cleaned_data.items() if key != "form_key"}

    def create() -> str:
        make(**given, by=request.membership, now=now)
        return url

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=create)
