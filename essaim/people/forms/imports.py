"""Forms of the import: a file, then what each of its columns is."""

from collections.abc import Sequence
from typing import Any

from django import forms

from essaim.kernel.forms import CreateForm, Form
from essaim.people.engine.import_rows import ImportField

FIELD_LABELS = {
    ImportField.LAST_NAME: "Nom",
    ImportField.FIRST_NAME: "Prénom",
    ImportField.BIRTH_DATE: "Date de naissance",
    ImportField.SEX: "Sexe",
    ImportField.PHONE: "Téléphone",
    ImportField.EMAIL: "Adresse électronique",
    ImportField.ADDRESS: "Adresse",
    ImportField.POSTCODE: "Code postal",
    ImportField.COMMUNE: "Commune",
    ImportField.LEVEL: "Niveau de formation",
    ImportField.IDENTIFIER: "Identifiant dans votre fichier",
}
LEFT_ASIDE = "Ne pas importer"


class ImportFileForm(CreateForm):
    """The file to import."""

    file = forms.FileField(
        label="Fichier CSV ou XLSX",
        help_text="La première ligne donne le nom des colonnes. 10 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )


class ColumnsForm(Form):
    """One choice for each column of the file, with its first values beside."""

    def __init__(
        self,
        *args: Any,
        headings: Sequence[str],
        samples: Sequence[Sequence[str]],
        proposed: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.headings, self.samples = headings, samples
        choices = [("", LEFT_ASIDE), *((field.value, label) for field, label in FIELD_LABELS.items())]
        for index, heading in enumerate(headings):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading or f"Colonne {index + 1}",
                choices=choices,
                initial=proposed[index],
                required=False,
            )

    @property
    def lines(self) -> list[tuple[Any, str]]:
        """Each column: its choice, and its first values in words."""
        return [
            (self[f"column_{index}"], " · ".join(row[index] for row in self.samples if index < len(row) and row[index]))
            for index in range(len(self.headings))
        ]

    @property
    def columns(self) -> list[str]:
        """The field chosen for each column, in their order."""
        return [self.cleaned_data[f"column_{index}"] for index in range(len(self.headings))]
