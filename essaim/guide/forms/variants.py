"""Proposing a variant, writing it, reading it over, bringing one as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from essaim.guide.engine import PracticeFile, setting_in_words, typographic
from essaim.guide.engine.differences import is_adapted
from essaim.guide.engine.setting_groups import group_settings
from essaim.guide.engine.variation import TEXTS, text_at
from essaim.guide.models import Variant
from essaim.guide.operations import VariantRefused
from essaim.guide.queries import LARGEST_FILE
from essaim.kernel.contract import Setting
from essaim.kernel.forms import CreateForm, EditForm, Form, NoteField, TextField
from essaim.kernel.setting_fields import field_of, initial_of, value_of

WORDS = 2000
ONE_A_LINE = "Une idée par ligne."
BRACES = "Entre accolades, un réglage ou un chiffre : {…}. Gardez-les, leur valeur suit toute seule."


class ProposalForm(CreateForm):
    """The name of a variant, what it changes and why: the rest comes in the draft."""

    title = TextField(label="Titre de la variante", max_length=200)
    changes = NoteField(label="Ce qui change", max_length=WORDS, help_text="Ce que vous faites autrement que la fiche.")
    reason = NoteField(
        label="Pourquoi", max_length=WORDS, help_text="Ce que vous avez constaté, ce que cela a donné. Sans nom propre."
    )

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the operation."""
        return {name: self.cleaned_data[name] for name in ("title", "changes", "reason")}


class RenewalForm(CreateForm):
    """What the next version of a variant changes, and why."""

    changes = NoteField(label="Ce qui change", max_length=WORDS, help_text="Par rapport à la version publiée.")
    reason = NoteField(label="Pourquoi", max_length=WORDS)

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the operation."""
        return {name: self.cleaned_data[name] for name in ("changes", "reason")}


class PracticeFileForm(CreateForm):
    """A practice file brought from elsewhere."""

    upload = forms.FileField(label="Le fichier", help_text="Un fichier .yaml exporté d’Essaim, 256 Ko au plus.")
    changes = NoteField(label="Ce qui change", max_length=WORDS, help_text="En une ou deux phrases, pour la relecture.")
    reason = NoteField(label="Pourquoi", max_length=WORDS)

    def clean_upload(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["upload"]
        if (upload.size or 0) > LARGEST_FILE:
            raise ValidationError("Ce fichier est trop gros : 256 Ko au plus.")
        try:
            self.text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError("Ce fichier n’est pas un texte en UTF-8.") from error
        return upload

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the operation."""
        words = {name: self.cleaned_data[name] for name in ("changes", "reason")}
        name = self.cleaned_data["upload"].name or "fiche.yaml"
        return {**words, "text": self.text.replace("\r\n", "\n"), "filename": name[:100]}


class CommentForm(CreateForm):
    """A few words on a variant."""

    text = NoteField(label="Votre commentaire", max_length=WORDS, widget=forms.Textarea(attrs={"rows": 2}))


class DecisionForm(EditForm):
    """What someone else than the authors decides."""

    decision = forms.ChoiceField(
        label="Votre décision",
        choices=[
            ("publish", "Publier : elle entre au catalogue et peut être lancée"),
            ("return", "Rendre : à reprendre, puis à proposer de nouveau"),
            ("refuse", "Refuser"),
        ],
        widget=forms.RadioSelect,
    )
    text = NoteField(
        label="Vos mots", max_length=WORDS, required=False, help_text="Ce qui est à reprendre, ou le motif du refus."
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") in ("return", "refuse") and not data.get("text"):
            self.add_error("text", "Dites en quelques mots pourquoi.")
        return data


class WithdrawalForm(EditForm):
    """Why a variant leaves."""

    text = NoteField(label="Pourquoi", max_length=WORDS, required=False)


class VersionForm(Form):
    """A button of a page that shows a version."""

    version = forms.IntegerField(widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields drawn together under one fold; ``is_open`` when something in them differs from the origin or is wrong."""

    title: str
    fields: tuple[tuple[forms.BoundField, bool], ...]

    @property
    def changed(self) -> int:
        return sum(is_changed for _, is_changed in self.fields)

    @property
    def is_open(self) -> bool:
        return any(is_changed or bound.errors for bound, is_changed in self.fields)


class VariantForm(EditForm):
    """A draft: its title, what it changes and why, its texts and the values of its settings."""

    title = TextField(label="Titre de la variante", max_length=200)
    changes = NoteField(label="Ce qui change", max_length=WORDS)
    reason = NoteField(label="Pourquoi", max_length=WORDS)

    def __init__(
        self, data: Any = None, *, variant: Variant, practice: PracticeFile, origin: PracticeFile | None
    ) -> None:
        self.practice, self.origin = practice, origin or practice
        self.texts = [path for path in TEXTS if text_at(practice.definition, path) is not None]
        initial: dict[str, Any] = {name: getattr(variant, name) for name in ("title", "changes", "reason", "version")}
        for path in self.texts:
            initial[f"texts.{path}"] = _written(text_at(practice.definition, path))
        for key, setting in practice.settings.items():
            initial[f"settings.{key}"] = initial_of(setting, setting.default)
        super().__init__(data, initial=initial)
        for path in self.texts:
            self.fields[f"texts.{path}"] = self._text_field(path)
        for key, setting in practice.settings.items():
            field = self.fields[f"settings.{key}"] = field_of(setting, practice.choice_labels.get(key, {}))
            field.help_text = self._help(setting)

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the operation."""
        data = self.cleaned_data
        words = {name: data[name] for name in ("title", "changes", "reason", "version")}
        return {**words, "texts": dict(self._given_texts()), "settings": dict(self._given_settings())}

    @property
    def text_group(self) -> FieldGroup:
        return FieldGroup("Les textes", tuple((self[f"texts.{path}"], self._is_rewritten(path)) for path in self.texts))

    @property
    def setting_groups(self) -> list[FieldGroup]:
        return [
            FieldGroup(
                group.title, tuple((self[f"settings.{one.key}"], self._is_adapted(one)) for one in group.settings)
            )
            for group in group_settings(self.practice)
        ]

    def show_refusal(self, error: VariantRefused) -> None:
        """Put each message beside the field of what it speaks of."""
        for path, message in error.faults:
            names = [".".join(map(str, path[:length])) for length in (2, 1)]
            fields = (f"{prefix}{name}" for name in names for prefix in ("texts.", ""))
            place = next((name for name in fields if name in self.fields), None)
            self.add_error(place, f"{message[:1].upper()}{message[1:]}.")
        if not error.faults:
            self.add_error(error.field if error.field in self.fields else None, error.message)

    def _text_field(self, path: str) -> forms.Field:
        is_list = isinstance(text_at(self.practice.definition, path), list)
        helps = [ONE_A_LINE] if is_list else []
        if "{" in _written(text_at(self.practice.definition, path)):
            helps.append(BRACES)
        rows = 6 if is_list else 2
        widget = forms.Textarea(attrs={"rows": rows})
        return NoteField(label=TEXTS[path], max_length=20_000, widget=widget, help_text=" ".join(helps))

    def _help(self, setting: Setting) -> str:
        former = self.origin.settings.get(setting.key)
        if former is None:
            return typographic(setting.source)
        words = setting_in_words(former, former.default, self.origin.choice_labels.get(setting.key))
        return typographic(f"Fiche d’origine : {words}. {former.source}")

    def _is_adapted(self, setting: Setting) -> bool:
        former = self.origin.settings.get(setting.key)
        name = f"settings.{setting.key}"
        if name in self.errors:
            return True
        value = value_of(setting, self.cleaned_data[name]) if self.is_bound else setting.default
        return former is None or is_adapted(value, former.default)

    def _is_rewritten(self, path: str) -> bool:
        written = self.cleaned_data.get(f"texts.{path}", "") if self.is_bound else self.initial[f"texts.{path}"]
        return bool(written != _written(text_at(self.origin.definition, path)))

    def _given_texts(self) -> Iterator[tuple[str, str | list[str]]]:
        for path in self.texts:
            written: str = self.cleaned_data[f"texts.{path}"]
            if isinstance(text_at(self.practice.definition, path), list):
                yield path, [line.strip() for line in written.split("\n") if line.strip()]
            else:
                yield path, " ".join(written.split())

    def _given_settings(self) -> Iterator[tuple[str, Any]]:
        settings: Mapping[str, Setting] = self.practice.settings
        for key, setting in settings.items():
            yield key, value_of(setting, self.cleaned_data[f"settings.{key}"])


def _written(text: str | list[str] | None) -> str:
    return "\n".join(text) if isinstance(text, list) else text or ""
