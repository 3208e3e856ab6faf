"""Notes, for the referent team."""

from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.people.enums import GrantScope
from essaim.people.models import Note, Person
from essaim.people.queries.access import scope_for


def list_notes_for(viewer: Membership | None, person: Person) -> QuerySet[Note]:
    """Return the notes, newest first: to the referent team only, to others none."""
    if scope_for(viewer, person) != GrantScope.REFERENT:
        return Note.objects.none()
    return person.notes.select_related("author", "organisation")


def count_notes_for(viewer: Membership | None, person: Person) -> int:
    """How many notes the viewer may read."""
    return list_notes_for(viewer, person).count()
