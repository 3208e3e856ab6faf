"""Tasks of privacy: one operation each, without any argument about anyone."""

from django.utils import timezone
from procrastinate.contrib.django import app

from essaim.kernel.days import today


@app.periodic(cron="0 4 * * *", periodic_id="retention")
@app.task(name="privacy.run_retention")
def run_retention(timestamp: int) -> None:
    from essaim.privacy.operations import run_retention as run

    run(on=today(), apply=True, now=timezone.now())
