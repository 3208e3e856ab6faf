"""Jobs of a worker that died are given back; one that keeps killing workers is set aside."""

import asyncio
from types import SimpleNamespace

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from essaim.kernel.tasks import RESCUES_BEFORE_GIVING_UP, rescue_stalled_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def add_job(*, status, attempts=0):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, status, attempts)"
            " VALUES ('essai', 'default', %s, %s) RETURNING id",
            [status, attempts],
        )
        return cursor.fetchone()[0]


def state_of(job):
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()


def rescue():
    async def run():
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            async with worker.open_async():
                await rescue_stalled_jobs.func(SimpleNamespace(app=worker), timestamp=0)

    asyncio.run(run())


def test_job_of_a_dead_worker_is_done_again():
    job = add_job(status="doing")
    rescue()
    assert state_of(job) == ("todo", 1)


def test_job_that_waits_is_left_alone():
    job = add_job(status="todo")
    rescue()
    assert state_of(job) == ("todo", 0)


def test_job_that_keeps_killing_its_worker_is_set_aside():
    job = add_job(status="doing", attempts=RESCUES_BEFORE_GIVING_UP)
    rescue()
    assert state_of(job)[0] == "failed"
