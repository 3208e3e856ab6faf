"""Forms of privacy: shapes only, the operations decide."""

from typing import Any

from essaim.kernel.forms import Form, TextField


class CodeField(TextField):
    """The public code of a file, as people copy it: spaces and case do not matter."""

    def clean(self, value: Any) -> Any:
        return super().clean("".join(str(value or "").split()).upper())


class PairForm(Form):
    """The two files to make one."""

    kept = CodeField(
        label="Dossier à garder", max_length=16, help_text="L’identifiant se lit dans le dossier, onglet Données."
    )
    absorbed = CodeField(label="Dossier en double", max_length=16)

    fieldsets = [("Quels dossiers ?", [("kept", "absorbed")])]


class ErasureForm(Form):
    """Erasing cannot be undone: the code of the file is typed again."""

    code = CodeField(label="Pour confirmer, recopiez l’identifiant du dossier", max_length=16)
