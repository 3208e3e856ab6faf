"""Who is told of a fact: one background job for each instrument that subscribed to its kind."""

from procrastinate.contrib.django import app

from essaim.journal.models import Fact
from essaim.kernel.instruments import all_instruments


def defer_subscribers(*, fact: Fact) -> None:
    """Defer, in the transaction of the fact, one job per subscriber: it runs only if the fact is committed.

    The job receives ``fact_id`` and nothing else, and begins with ``journal.queries.get_live_fact``: the fact may have
    been corrected since.
    """
    for instrument in all_instruments().values():
        task = instrument.subscribers.get(fact.kind)
        if task:
            app.configure_task(task, allow_unknown=True).defer(fact_id=fact.pk)
