"""Tasks of the journeys: codes only as arguments, one operation each. A failed one is tried again, an hour at most."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(name="journeys.catch_up_pictures", retry=RetryStrategy(max_attempts=5, exponential_wait=30))
def catch_up_pictures(*, codes: list[str], membership: int) -> None:
    from essaim.journeys.operations.profiles import catch_up_pictures as catch_up

    catch_up(codes=codes, membership=membership, now=timezone.now())
