"""Two people at once: real transactions, two threads that meet at a barrier."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.accounts.models import Invitation, Membership, User
from essaim.accounts.operations import (
    accept_invitation,
    change_role,
    end_membership,
    invite_member,
    register_invited,
)
from essaim.kernel.errors import OperationError
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run the acts together; return what each returned, or the exception it raised."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        try:
            barrier.wait(timeout=10)
            results[index] = act()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def refusals(results):
    return [result for result in results if isinstance(result, Exception)]


@pytest.fixture
def managers():
    first = MembershipFactory(manager=True)
    return first, MembershipFactory(manager=True, organisation=first.organisation)


@pytest.mark.parametrize("turn", range(5))
def test_two_managers_who_end_each_other_leave_one(managers, turn):
    first, second = managers
    results = at_once(
        lambda: end_membership(membership=second, by=first, now=timezone.now()),
        lambda: end_membership(membership=first, by=second, now=timezone.now()),
    )
    assert [type(error).__name__ for error in refusals(results)] == ["MembershipError"]
    assert Membership.objects.filter(until__isnull=True, role=Role.MANAGER).count() == 1


def test_two_managers_who_leave_at_once_leave_one(managers):
    first, second = managers
    results = at_once(
        lambda: end_membership(membership=first, by=first, now=timezone.now()),
        lambda: change_role(membership=second, role=Role.FUNDER, by=second, now=timezone.now()),
    )
    assert len(refusals(results)) == 1
    assert Membership.objects.filter(until__isnull=True, role=Role.MANAGER).count() == 1


def test_the_database_alone_keeps_one_of_two_managers(managers):
    barrier = Barrier(2)

    def end(membership):
        with transaction.atomic():
            Membership.objects.filter(pk=membership.pk).update(until=timezone.now())
            barrier.wait(timeout=10)

    results = at_once(lambda: end(managers[0]), lambda: end(managers[1]))
    assert [type(error) for error in refusals(results)] == [IntegrityError]
    assert Membership.objects.filter(until__isnull=True, role=Role.MANAGER).count() == 1


@pytest.fixture
def sent(managers):
    now = timezone.now()
    return invite_member(email="ines@exemple.fr", role=Role.COUNSELLOR, by=managers[0], now=now)


def test_two_acceptances_at_once_make_one_membership(sent):
    user = UserFactory(email="ines@exemple.fr")
    act = lambda: accept_invitation(token=sent.token, user=user, now=timezone.now())  # noqa: E731
    results = at_once(act, act, act)
    assert len(refusals(results)) == 2
    assert all(isinstance(error, OperationError) for error in refusals(results))
    assert Membership.objects.filter(user=user).count() == 1


def test_two_registrations_at_once_make_one_account(sent):
    def act():
        return register_invited(
            token=sent.token,
            first_name="Inès",
            last_name="Kadrani",
            password="un tilleul devant la gare routière",
            now=timezone.now(),
        )

    results = at_once(act, act)
    assert [isinstance(error, OperationError) for error in refusals(results)] == [True]
    assert User.objects.filter(email="ines@exemple.fr").count() == 1


def test_the_same_address_invited_twice_at_once_is_invited_once(managers):
    def act(manager):
        return invite_member(email="theo@exemple.fr", role=Role.STEERING, by=manager, now=timezone.now())

    results = at_once(lambda: act(managers[0]), lambda: act(managers[1]))
    assert [isinstance(error, OperationError) for error in refusals(results)] == [True]
    assert Invitation.objects.filter(email="theo@exemple.fr").count() == 1
