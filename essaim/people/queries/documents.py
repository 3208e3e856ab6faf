"""Documents, as each viewer may read them."""

from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.people.enums import GrantScope
from essaim.people.models import Document, Person
from essaim.people.queries.access import scope_for, visible_people


def list_documents_for(viewer: Membership | None, person: Person) -> QuerySet[Document]:
    """Return the documents, newest first: sensitive ones, and those of a protected person, to the referent team."""
    scope = scope_for(viewer, person)
    if scope is None or (person.is_protected and scope != GrantScope.REFERENT):
        return Document.objects.none()
    documents = person.documents.select_related("organisation", "uploaded_by")
    return documents if scope == GrantScope.REFERENT else documents.filter(is_sensitive=False)


def count_documents_for(viewer: Membership | None, person: Person) -> int:
    """How many documents the viewer may read."""
    return list_documents_for(viewer, person).count()


def get_document_for(viewer: Membership | None, code: str, ref: str) -> Document:
    """Return one document of a visible file. Raises Document.DoesNotExist when the viewer may not read it."""
    person = visible_people(viewer).filter(code=code).first()
    if person is None:
        raise Document.DoesNotExist
    return list_documents_for(viewer, person).select_related("person").get(ref=ref)
