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
SAMPLE_LENGTH = 40


class ImportFileForm(CreateForm):
    """The file to import."""

    file = forms.FileField(
        label="Fichier CSV ou XLSX",
        help_text="La première ligne donne le nom des colonnes. 10 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )


class ColumnsForm(Form):
    """One choice for each column of the file, with its first values under it."""

    def __init__(
        self,
        *args: Any,
        headings: Sequence[str],
        samples: Sequence[Sequence[str]],
        proposed: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", LEFT_ASIDE), *((field.value, label) for field, label in FIELD_LABELS.items())]
        for index, heading in enumerate(headings):
            values = [row[index][:SAMPLE_LENGTH] for row in samples if index < len(row) and row[index]]
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=f"« {heading} »" if heading else f"Colonne {index + 1}, sans nom",
                choices=choices,
                initial=proposed[index],
                required=False,
                help_text=", ".join(values) or "Vide dans les premières lignes.",
            )
        names = list(self.fields)
        self.fieldsets = [("", [tuple(names[start : start + 2]) for start in range(0, len(names), 2)])]

    @property
    def columns(self) -> list[str]:
        """The field chosen for each column, in their order."""
        return [self.cleaned_data[name] for name in self.fields]
