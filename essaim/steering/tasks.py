"""Tasks of steering: one operation each."""

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="30 4 * * *", periodic_id="publish")
@app.task(name="steering.publish_due_cohorts")
def publish_due_cohorts(timestamp: int) -> None:
    from essaim.steering.operations import publish_due_cohorts as publish

    publish(now=timezone.now())
