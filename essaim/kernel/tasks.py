"""Tasks of the kernel: ids only as arguments, one operation each.

Retry policies: a message is tried again only while nothing has left; the periodic tasks come back by
themselves.
"""

from datetime import timedelta

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from essaim.kernel.messages import NothingLeftError

KEEP_FORM_KEYS = timedelta(days=30)
RESCUES_BEFORE_GIVING_UP = 5


@app.task(
    name="kernel.send_message",
    queue="messages",
    retry=RetryStrategy(max_attempts=5, exponential_wait=30, retry_exceptions={NothingLeftError}),
)
def send_message(*, message_id: int) -> None:
    from essaim.kernel.operations import dispatch_message

    dispatch_message(message_id=message_id, clock=timezone.now)


@app.periodic(cron="*/10 * * * *", periodic_id="settle")
@app.task(name="kernel.settle_interrupted_messages", queue="messages")
def settle_interrupted_messages(timestamp: int) -> None:
    from essaim.kernel.operations import settle_interrupted_messages as settle

    settle(now=timezone.now())


@app.periodic(cron="20 3 * * *", periodic_id="forget")
@app.task(name="kernel.forget_form_keys")
def forget_form_keys(timestamp: int) -> None:
    from essaim.kernel.operations import delete_old_form_keys

    delete_old_form_keys(before=timezone.now() - KEEP_FORM_KEYS)


@app.periodic(cron="* * * * *", periodic_id="rescue")
@app.task(name="kernel.rescue_stalled_jobs", queueing_lock="kernel.rescue_stalled_jobs", pass_context=True)
async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Give back the jobs of workers that died: without this they stay « doing » for ever.

    A job that keeps killing its worker is set aside as failed, for the operator to see.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts >= RESCUES_BEFORE_GIVING_UP:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)
