"""Contacts noted outside an appointment, for who may take one back."""

from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.accounts.permissions import manages
from essaim.journeys.models import Contact
from essaim.people.models import Person
from essaim.people.queries import visible_people


def may_cancel_contact(viewer: Membership | None, contact: Contact) -> bool:
    """Whether the viewer may take back a contact: her own, or any of her organisation for its managers."""
    if viewer is None:
        return False
    ours = contact.fact.author_organisation_id == viewer.organisation_id
    return contact.user_id == viewer.user_id or (manages(viewer) and ours)


def list_cancellable_contacts_for(viewer: Membership | None, person: Person) -> dict[int, Contact]:
    """Return the contacts of a person that the viewer may take back, by the key of their fact."""
    found = _seen(viewer).filter(person=person)
    return {one.fact_id: one for one in found if may_cancel_contact(viewer, one)}


def get_contact_for(viewer: Membership | None, pk: str) -> Contact:
    """Return a contact that the viewer may take back. Raises Contact.DoesNotExist."""
    contact = _seen(viewer).get(pk=pk)
    if not may_cancel_contact(viewer, contact):
        raise Contact.DoesNotExist
    return contact


def _seen(viewer: Membership | None) -> QuerySet[Contact]:
    return Contact.objects.filter(person__in=visible_people(viewer).values("pk")).select_related("person", "fact")
