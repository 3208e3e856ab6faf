"""Practices as files: one leaves, another comes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from essaim.accounts.permissions import SIGNED_IN
from essaim.guide.engine import Fault
from essaim.guide.engine.writing import write_practice
from essaim.guide.forms.variants import PracticeFileForm
from essaim.guide.operations import PracticeFileRefused, import_practice
from essaim.guide.views.finding import find_practice, find_variant
from essaim.guide.views.variants import PROPOSES
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once

MOST_FAULTS = 100
LONGEST_LINE = 300


@access(SIGNED_IN)
def practice_yaml(request: HttpRequest, slug: str) -> HttpResponse:
    """A practice in force, as its file."""
    return _file(find_practice(slug).definition)


@access(PROPOSES)
def variant_yaml(request: MemberRequest, ref: str) -> HttpResponse:
    """What a variant says now, as a file."""
    return _file(find_variant(request, ref).definition)


@access(PROPOSES, methods=("GET", "POST"))
def practice_import(request: MemberRequest) -> HttpResponse:
    """Bring a practice file: a draft, or what to mend line by line."""
    form = PracticeFileForm(request.POST or None, request.FILES or None)
    faults: list[tuple[Fault, str]] = []

    def make() -> str:
        made = import_practice(by=request.membership, now=timezone.now(), **form.given)
        return reverse("guide:variant", args=[made.ref])

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=make))
        except PracticeFileRefused as refusal:
            faults = _with_lines(refusal.faults, form.text)
            form.add_error("upload", refusal.message)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "guide/practice_import.html", {"form": form, "faults": faults[:MOST_FAULTS], "all": faults})


def _with_lines(faults: tuple[Fault, ...], text: str) -> list[tuple[Fault, str]]:
    lines = dict(enumerate(text.split("\n"), start=1))
    return [(fault, lines.get(fault.line, "").strip()[:LONGEST_LINE]) for fault in faults]


def _file(definition: Mapping[str, Any]) -> HttpResponse:
    response = HttpResponse(write_practice(definition), content_type="application/yaml; charset=utf-8")
    name = f"{int(definition['number']):02d}-{definition['slug']}.yaml"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
