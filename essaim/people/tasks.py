"""Tasks of people: codes only as arguments, one operation each.

An address is asked again three times, an hour apart at most: the service may be away. The periodic task comes
back by itself.
"""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(name="people.locate_person", retry=RetryStrategy(max_attempts=3, exponential_wait=60))
def locate_person(*, code: str) -> None:
    from essaim.people.operations.location import locate_by_service

    locate_by_service(code=code, now=timezone.now())


@app.periodic(cron="10 * * * *", periodic_id="forget")
@app.task(name="people.forget_import_drafts")
def forget_import_drafts(timestamp: int) -> None:
    from essaim.people.operations.import_drafts import forget_import_drafts as forget

    forget(now=timezone.now())
