import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from essaim.directory.models import Commune
from essaim.kernel.models import FormKey
from essaim.kernel.operations import FormKeyError, claim_form_key, create_once, delete_old_form_keys

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Someone:
    uuid: UUID = field(default_factory=uuid4)


def create_commune(code):
    Commune.objects.create(code=code, name="Ailleurs", department="98")
    return f"/communes/{code}/"


@pytest.mark.django_db
def test_second_submission_gets_the_page_of_the_first():
    key, user = uuid4(), Someone()
    first = create_once(key=key, user=user, now=NOW, create=lambda: create_commune("98001"))
    second = create_once(key=key, user=user, now=NOW, create=lambda: create_commune("98002"))
    assert first == second == "/communes/98001/"
    assert list(Commune.objects.values_list("code", flat=True)) == ["98001"]


@pytest.mark.django_db
def test_a_refused_submission_leaves_the_key_free():
    key, user = uuid4(), Someone()

    def refuse():
        create_commune("98001")
        raise ValueError

    with pytest.raises(ValueError):
        create_once(key=key, user=user, now=NOW, create=refuse)
    assert not Commune.objects.exists()
    assert create_once(key=key, user=user, now=NOW, create=lambda: create_commune("98002")) == "/communes/98002/"


@pytest.mark.django_db
def test_the_key_of_someone_else_is_refused():
    key = uuid4()
    create_once(key=key, user=Someone(), now=NOW, create=lambda: create_commune("98001"))
    with pytest.raises(FormKeyError):
        create_once(key=key, user=Someone(), now=NOW, create=lambda: create_commune("98002"))


@pytest.mark.django_db(transaction=True)
def test_a_key_is_claimed_inside_a_transaction_only():
    with pytest.raises(transaction.TransactionManagementError):
        claim_form_key(key=uuid4(), user=Someone(), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_submissions_create_one_object():
    key, user, urls, barrier = uuid4(), Someone(), [], threading.Barrier(2)

    def submit(code):
        try:
            barrier.wait(timeout=10)
            urls.append(create_once(key=key, user=user, now=NOW, create=lambda: create_commune(code)))
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=[code]) for code in ("98001", "98002")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(urls) == 2 and urls[0] == urls[1]
    assert Commune.objects.count() == 1


@pytest.mark.django_db
def test_old_keys_are_forgotten_and_recent_ones_kept():
    for age in (1, 40):
        FormKey.objects.create(key=uuid4(), user_uuid=uuid4(), claimed_at=NOW - timedelta(days=age))
    assert delete_old_form_keys(before=NOW - timedelta(days=30)) == 1
    assert FormKey.objects.count() == 1
