"""Tasks of the accounts: one operation each."""

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="40 3 * * *", periodic_id="forget")
@app.task(name="accounts.forget_old_traces")
def forget_old_traces(timestamp: int) -> None:
    from essaim.accounts.operations import forget_old_traces as forget

    forget(now=timezone.now())
