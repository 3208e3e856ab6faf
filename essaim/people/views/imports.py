"""Importing a file of people: choose it, say what its columns are, look, then import once."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.exports import export_response
from essaim.kernel.formats import moment
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.tables import Column, Empty, Table
from essaim.people.engine.import_rows import ImportField
from essaim.people.forms.imports import FIELD_LABELS, ColumnsForm, ImportFileForm
from essaim.people.models import PersonImport
from essaim.people.operations.import_drafts import cancel_import, confirm_import, map_columns, start_import
from essaim.people.queries.imports import (
    FileRefusedError,
    get_import_for,
    list_imports_for,
    propose_columns,
    read_draft,
    read_first_rows,
    read_headings,
)

SAMPLES = 3
EXAMPLE = (
    "Kadrani",
    "Inès",
    "29/02/2004",
    "F",
    "06 12 34 56 78",
    "",
    "12 rue des Lilas",
    "99000",
    "Sainte-Aube",
    "V",
    "",
)

IMPORTS = Table(
    name="imports de personnes",
    noun="import",
    columns=(
        Column(
            "at",
            "Commencé",
            lambda row: row.created_at,
            sort=("created_at",),
            show=lambda at: moment(at, today()),
            link=lambda row: reverse("people:import", args=[row.ref]),
        ),
        Column("by", "Par", "by.full_name"),
        Column("state", "État", lambda row: "Importé" if row.done_at else "À terminer"),
        Column("created", "Créées", is_number=True),
        Column("updated", "Modifiées", is_number=True),
        Column("refused", "Lignes refusées", lambda row: len(row.refused), is_number=True),
    ),
    order="-at",
    empty=Empty("Aucun import pour l’instant", "Vos imports, et ce qu’ils ont changé, seront ici."),
)
REFUSED = Table(
    name="lignes refusées",
    noun="ligne",
    columns=(
        Column("line", "Ligne", sort=("line",)),
        Column("column", "Colonne", lambda row: row["column"] or "toute la ligne", sort=("column", "line")),
        Column("reason", "Pourquoi", sort=("reason", "line")),
    ),
    order="line",
    empty=Empty("Aucune ligne refusée", "Toutes les lignes du fichier sont lues."),
)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def import_new(request: MemberRequest) -> HttpResponse:
    """Choose a file; the imports already made."""
    form = ImportFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_start_once(request, form))
        except OperationError as error:
            apply_operation_error(form, error)
    table = IMPORTS.read(request.GET, list_imports_for(request.membership))
    if table.export_format:
        return table.export()
    context = {"form": form, "table": table, "fields": FIELD_LABELS.values()}
    return render(request, "people/import_new.html", context)


@access(WORKS_WITH_PEOPLE)
def import_template(request: MemberRequest) -> HttpResponse:
    """A file to fill: the default columns and one line as an example."""
    return export_response(
        "personnes à importer", [(field.value, field.value) for field in ImportField], [EXAMPLE], "xlsx"
    )


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def import_columns(request: MemberRequest, ref: str) -> HttpResponse:
    """Say what each column is."""
    draft = _find(request, ref)
    if draft.done_at:
        return redirect("people:import", ref)
    try:
        form = _columns_form(request, draft)
    except FileRefusedError as gone:
        messages.error(request, str(gone))
        return redirect("people:import_new")
    if request.method == "POST" and form.is_valid():
        try:
            map_columns(draft=draft, columns=form.columns, by=request.membership, now=timezone.now())
            return redirect("people:import", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "people/import_columns.html", {"draft": draft, "form": form})


@access(WORKS_WITH_PEOPLE)
def import_shown(request: MemberRequest, ref: str) -> HttpResponse:
    """What the import would do, then what it did."""
    draft = _find(request, ref)
    if not draft.done_at and not draft.mapping:
        return redirect("people:import_columns", ref)
    table = REFUSED.read(request.GET, draft.refused)
    if table.export_format:
        return table.export()
    context = {"draft": draft, "table": table, "to_import": draft.created + draft.updated} | _first_rows(draft)
    page = "people/import_done.html" if draft.done_at else "people/import_preview.html"
    return render(request, page, context)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def import_confirm(request: MemberRequest, ref: str) -> HttpResponse:
    """Import, once."""
    try:
        confirm_import(draft=_find(request, ref), by=request.membership, now=timezone.now())
    except OperationError as error:
        messages.error(request, error.message)
    return redirect("people:import", ref)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def import_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Give up: the file is deleted."""
    try:
        cancel_import(draft=_find(request, ref), by=request.membership, now=timezone.now())
        messages.info(request, "Import abandonné. Le fichier est supprimé, rien n’a été importé.")
    except OperationError as error:
        messages.error(request, error.message)
    return redirect("people:import_new")


def _find(request: MemberRequest, ref: str) -> PersonImport:
    try:
        return get_import_for(request.membership, ref)
    except PersonImport.DoesNotExist:
        raise Http404 from None


def _start_once(request: MemberRequest, form: ImportFileForm) -> str:
    now, uploaded = timezone.now(), form.cleaned_data["file"]

    def make() -> str:
        draft = start_import(content=uploaded.read(), file_name=uploaded.name, by=request.membership, now=now)
        return reverse("people:import_columns", args=[draft.ref])

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)


def _columns_form(request: MemberRequest, draft: PersonImport) -> ColumnsForm:
    content = read_draft(draft)
    headings = read_headings(content)
    proposed = draft.mapping or propose_columns(headings, by=request.membership)
    samples = read_first_rows(content, SAMPLES)
    return ColumnsForm(request.POST or None, headings=headings, samples=samples, proposed=proposed)


def _first_rows(draft: PersonImport) -> dict[str, Any]:
    """The first rows of a draft under the fields chosen; nothing once imported or gone."""
    if draft.done_at:
        return {}
    try:
        rows = read_first_rows(read_draft(draft), SAMPLES)
    except FileRefusedError:
        return {"is_gone": True}
    kept = [(index, ImportField(field)) for index, field in enumerate(draft.mapping) if field]
    lines: list[list[tuple[str, str]]] = [
        [(FIELD_LABELS[field], row[index] if index < len(row) else "") for index, field in kept] for row in rows
    ]
    return {"heads": [FIELD_LABELS[field] for index, field in kept], "lines": lines}
