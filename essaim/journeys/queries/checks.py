"""What should always be true of parcours: looked for by `essaim check`."""

from collections.abc import Iterable
from itertools import groupby

from essaim.journal.models import Action
from essaim.journeys.engine.limits import due_on
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries.limits import limit_of, stays_of
from essaim.kernel.contract import Fault


def list_term_faults() -> Iterable[Fault]:
    """Yield the open parcours whose term is not the one derived from the settings, renewals and former stays."""
    for action in Action.objects.filter(is_imported=False).select_related("practice").order_by("pk"):
        limit = limit_of(action)
        rows = Enrolment.objects.filter(action=action).exclude(state=EnrolmentState.CANCELLED)
        for _, group in groupby(rows.order_by("person", "opened_on", "pk"), key=lambda one: one.person_id):
            parcours = list(group)
            for number, one in enumerate(parcours):
                term = due_on(limit, one.opened_on, renewals=one.renewals, former=stays_of(parcours[:number]))
                if one.state == EnrolmentState.OPEN and one.due_on != term:
                    yield Fault(
                        "terme d’un parcours", f"journeys.Enrolment {one.ref}", f"{one.due_on} au lieu de {term}"
                    )
