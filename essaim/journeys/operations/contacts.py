"""Contacts outside an appointment: someone reached, tried, or heard from."""

from datetime import datetime

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journal.operations import record, void_fact
from essaim.journeys.enums import ContactMode, EnrolmentState
from essaim.journeys.models import Contact, Enrolment
from essaim.journeys.operations.path_rules import cohort_of, require_following
from essaim.journeys.queries.contacts import may_cancel_contact
from essaim.kernel.errors import OperationError
from essaim.people.models import Person
from essaim.people.queries import scope_for

EMITTER = "journeys"
MADE, RECEIVED, LOGGED, TRIED = (
    "contact_made",
    "journeys.message_received",
    "journeys.contact_logged",
    "journeys.contact_tried",
)


class ContactRefused(OperationError):  # noqa: N818 - the words of the screen
    """A contact that cannot be noted so."""


@transaction.atomic
def log_contact(
    *,
    person: Person,
    enrolment: Enrolment | None = None,
    at: datetime,
    mode: str,
    reached: bool,
    by_person: bool = False,
    by: Membership,
    now: datetime,
) -> Contact:
    """Note that someone was reached, or tried: the row and one fact.

    ``contact_made`` when she was met or spoken to during an open parcours; a message she wrote or answered, a contact
    without open parcours and a try without answer stay in the fil only. Refused (ContactRefused): a file that ``by``
    does not see, a parcours of someone else or not followed, an unknown way, a moment in the future.
    """
    if scope_for(by, person) is None:
        raise ContactRefused("Ce dossier ne vous est pas ouvert.")
    if mode not in ContactMode.values:
        raise ContactRefused("Dites comment.", field="mode")
    if at > now:
        raise ContactRefused("Ce contact est dans l’avenir.", field="at")
    if enrolment is not None:
        if enrolment.person_id != person.pk:
            raise ContactRefused("Ce parcours n’est pas le sien.")
        require_following(enrolment=enrolment, by=by, refusal=ContactRefused)
    is_open = enrolment is not None and enrolment.state == EnrolmentState.OPEN
    kind = _kind_of(mode, reached=reached, by_person=by_person, is_open=is_open)
    fact = record(
        kind,
        emitter=EMITTER,
        action=enrolment.action if enrolment is not None and is_open else None,
        at=at,
        person=person,
        cohort=cohort_of(enrolment=enrolment) if enrolment is not None and is_open else None,
        by=by,
        now=now,
        data={} if kind == RECEIVED else {"mode": mode},
    )
    return Contact.objects.create(
        person=person,
        enrolment=enrolment,
        at=at,
        mode=mode,
        reached=reached,
        by_person=by_person,
        user=by.user,
        fact=fact,
    )


@transaction.atomic
def cancel_contact(*, contact: Contact, by: Membership, now: datetime) -> None:
    """Take away a contact noted by mistake: its fact is voided, nothing is left but that trace, and « dernier contact »
    is again what it was.

    Refused (ContactRefused): a file that ``by`` does not see, someone else's contact unless ``by`` manages the
    organisation it was noted for, cancelled already.
    """
    if scope_for(by, contact.person) is None:
        raise ContactRefused("Ce dossier ne vous est pas ouvert.")
    if not may_cancel_contact(by, contact):
        raise ContactRefused("Seul son auteur, ou un responsable de son organisation, annule un contact.")
    locked = Contact.objects.select_for_update(of=("self",)).select_related("fact").filter(pk=contact.pk).first()
    if locked is None:
        raise ContactRefused("Ce contact est déjà annulé.")
    void_fact(locked.fact, emitter=EMITTER, by=by, now=now)
    locked.delete()


def _kind_of(mode: str, *, reached: bool, by_person: bool, is_open: bool) -> str:
    if not reached and not by_person:
        return TRIED
    if mode == ContactMode.MESSAGE:
        return RECEIVED
    return MADE if reached and is_open else LOGGED
