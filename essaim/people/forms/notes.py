"""A note for the referent team."""

from django import forms

from essaim.kernel.forms import CreateForm, NoteField

NOTE_LENGTH = 4000


class NoteForm(CreateForm):
    """A free note for the referent team."""

    text = NoteField(
        label="Note",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lue par l’équipe référente seulement, jamais dans le fil ni dans les exports.",
    )
