"""A document to keep in a file."""

from typing import Any

from django import forms

from essaim.kernel.forms import CreateForm, DateField, TextField
from essaim.people.engine.filetypes import EXTENSIONS, LARGEST_FILE
from essaim.people.enums import SENSITIVE_DOCUMENTS, DocumentKind

ACCEPTED = ",".join(f".{extension}" for extension in EXTENSIONS.values()) + ",.jpeg"
MEGABYTE = 1024 * 1024


class DocumentForm(CreateForm):
    """A file and what it is. Its content is judged by the operation."""

    upload = forms.FileField(
        label="Fichier",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED, "class": "form-control"}),
        help_text=f"PDF, photo (JPEG, PNG, WebP), Word ou LibreOffice, {LARGEST_FILE // MEGABYTE} Mo au plus.",
    )
    kind = forms.ChoiceField(label="Nature", choices=[("", "choisir"), *DocumentKind.choices])
    title = TextField(label="Titre", max_length=120, required=False, help_text="Sans titre, sa nature en tient lieu.")
    valid_until = DateField(label="Valable jusqu’au", required=False)
    is_sensitive = forms.BooleanField(
        label="Réservé à l’équipe référente",
        required=False,
        help_text="Un document de santé ou de handicap l’est toujours.",
    )

    def __init__(self, *args: Any, is_referent_team: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_referent_team:
            del self.fields["is_sensitive"]
            self.fields["kind"].choices = [("", "choisir"), *_SHARED_KINDS]  # type: ignore[attr-defined]


_SHARED_KINDS = [choice for choice in DocumentKind.choices if choice[0] not in SENSITIVE_DOCUMENTS]
