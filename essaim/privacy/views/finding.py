"""The files and merges that the reader may handle; whatever else answers 404."""

from django.http import Http404

from essaim.accounts.permissions import note_read
from essaim.kernel.actors import MemberRequest
from essaim.people.models import Person
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import get_person_for
from essaim.privacy.models import PersonMerge
from essaim.privacy.permissions import may_merge
from essaim.privacy.queries import get_merge_for


def find_file(request: MemberRequest, code: str) -> Person:
    """A file of which the reader is of the referent team."""
    try:
        person = get_person_for(request.membership, code)
    except Person.DoesNotExist:
        raise Http404 from None
    if not shows_sensitive(person):
        raise Http404
    note_read(request, "person", person.code)
    return person


def find_pair(request: MemberRequest, kept: str, absorbed: str) -> tuple[Person, Person]:
    """Two files that the reader may merge: the comparison shows all of both."""
    try:
        one, other = get_person_for(request.membership, kept), get_person_for(request.membership, absorbed)
    except Person.DoesNotExist:
        raise Http404 from None
    if not may_merge(request.membership, one, other):
        raise Http404
    for person in (one, other):
        note_read(request, "person", person.code)
    return one, other


def find_merge(request: MemberRequest, ref: str) -> PersonMerge:
    """A merge of a file that the reader follows."""
    try:
        return get_merge_for(request.membership, ref)
    except PersonMerge.DoesNotExist:
        raise Http404 from None
