"""Notes: free text about a person, for the referent team only."""

from datetime import datetime

from essaim.accounts.models import Membership
from essaim.kernel.errors import OperationError
from essaim.people.models import Note, Person
from essaim.people.permissions import is_of_referent_team
from essaim.people.queries import scope_for


class NoteRefused(OperationError):  # noqa: N818 - the words of the screen
    """A note that may not be written."""


def add_note(*, person: Person, text: str, by: Membership, now: datetime) -> Note:
    """Keep a free note, read by the referent team only. Refused (NoteRefused): outside that team, empty, too
    long.
    """
    if not is_of_referent_team(scope_for(by, person)):
        raise NoteRefused("Seule l’équipe référente écrit des notes dans ce dossier.")
    cleaned = text.replace("\x00", "").strip()
    longest = Note._meta.get_field("text").max_length or 0
    if not cleaned:
        raise NoteRefused("Écrivez quelques mots avant d’ajouter la note.", field="text")
    if len(cleaned) > longest:
        raise NoteRefused(f"Cette note est trop longue : {longest} caractères au plus.", field="text")
    return Note.objects.create(person=person, text=cleaned, author=by.user, organisation_id=by.organisation_id, at=now)
