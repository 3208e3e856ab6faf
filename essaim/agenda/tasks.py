"""Tasks of agenda: one operation each."""

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="10 4 * * *", periodic_id="settle")
@app.task(name="agenda.settle_due_trainings")
def settle_due_trainings(timestamp: int) -> None:
    from essaim.agenda.operations import settle_due_trainings as settle

    settle(now=timezone.now())
