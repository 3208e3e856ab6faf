"""Two files of one person: chosen, compared, made one; and two again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import Form
from essaim.kernel.tables import Column, Empty, Table
from essaim.people.models import Person
from essaim.privacy.forms.merging import PairForm
from essaim.privacy.models import PersonMerge
from essaim.privacy.operations import merge_people, undo_merge
from essaim.privacy.queries import compare_files_for, count_what_moves, list_merges_for
from essaim.privacy.views.finding import find_merge, find_pair


def _person_url(merge: PersonMerge) -> str:
    return reverse("people:person", args=[merge.kept.code])


def _actions(merge: PersonMerge) -> list[tuple[str, str]]:
    return [] if merge.undone_at else [("Défaire", reverse("privacy:merge_undo", args=[merge.ref]))]


MERGES = Table(
    name="fusions",
    noun="fusion",
    columns=(
        Column("kept", "Dossier gardé", "kept.full_name", sort=("kept__search_key",), link=_person_url),
        Column("absorbed", "Dossier en double", lambda merge: f"{merge.absorbed.full_name} ({merge.absorbed.code})"),
        Column("merged_at", "Fusionnés le", "merged_at", sort=("merged_at",)),
        Column("merged_by", "Par", "merged_by.full_name"),
        Column("undone_at", "Défaite le", "undone_at"),
    ),
    order="-merged_at",
    empty=Empty(
        "Aucune fusion",
        "Quand deux dossiers d’une même personne sont réunis, la fusion s’inscrit ici et peut être défaite.",
    ),
    actions=_actions,
)


@access(WORKS_WITH_PEOPLE)
def merge_list(request: MemberRequest) -> HttpResponse:
    """The merges of the files that the reader follows."""
    table = MERGES.read(request.GET, list_merges_for(request.membership))
    if table.export_format:
        return table.export()
    return render(request, "privacy/merge_list.html", {"table": table})


@access(WORKS_WITH_PEOPLE)
def choose(request: MemberRequest) -> HttpResponse:
    """Two codes, then the comparison."""
    form = PairForm(request.GET) if "absorbed" in request.GET else PairForm(initial=request.GET.dict())
    if form.is_bound and form.is_valid():
        try:
            find_pair(request, form.cleaned_data["kept"], form.cleaned_data["absorbed"])
            return redirect("privacy:merge", form.cleaned_data["kept"], form.cleaned_data["absorbed"])
        except Http404:
            form.add_error(None, "L’un de ces identifiants ne correspond à aucun dossier que vous suivez.")
    return render(request, "privacy/merge_choose.html", {"form": form})


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def merge(request: MemberRequest, kept: str, absorbed: str) -> HttpResponse:
    """Both files side by side, what is kept, and the merge."""
    one, other = find_pair(request, kept, absorbed)
    form = Form(request.POST or None)
    if request.method == "POST":
        try:
            merge_people(kept=one, absorbed=other, by=request.membership, now=timezone.now())
            messages.success(request, "Les deux dossiers n’en font plus qu’un. La fusion peut être défaite.")
            return redirect("people:person", one.code)
        except OperationError as error:
            messages.error(request, error.message)
    try:
        lines = compare_files_for(request.membership, one, other)
    except Person.DoesNotExist:  # merged by someone else meanwhile
        return redirect("privacy:merge_list")
    context = {"kept": one, "absorbed": other, "form": form, "lines": lines, "moves": count_what_moves(one, other)}
    return render(request, "privacy/merge.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def undo(request: MemberRequest, ref: str) -> HttpResponse:
    """Make two files again."""
    found = find_merge(request, ref)
    if request.method == "POST":
        try:
            undo_merge(merge=found, by=request.membership, now=timezone.now())
            messages.success(request, "La fusion est défaite : chaque dossier a retrouvé ce qui était à lui.")
            return redirect("privacy:merge_list")
        except OperationError as error:
            messages.error(request, error.message)
    return render(request, "privacy/merge_undo.html", {"merge": found})
