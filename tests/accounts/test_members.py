"""Members: roles, departures, and the manager an organisation never loses."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership
from essaim.accounts.operations import (
    MembershipError,
    change_role,
    create_first_manager,
    end_membership,
)
from tests.factories.accounts import InvitationFactory, MembershipFactory, UserFactory
from tests.factories.directory import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def colleague(manager):
    return MembershipFactory(organisation=manager.organisation)


def test_changing_a_role_keeps_the_history(manager, colleague):
    changed = change_role(membership=colleague, role=Role.STEERING, by=manager, now=timezone.now())
    colleague.refresh_from_db()
    assert colleague.until is not None
    assert (changed.role, changed.until, changed.user) == (Role.STEERING, None, colleague.user)


def test_the_same_role_changes_nothing(manager, colleague):
    assert change_role(membership=colleague, role=Role.COUNSELLOR, by=manager, now=timezone.now()) == colleague


def test_only_a_manager_of_the_organisation_changes_roles(colleague):
    for by in (colleague, MembershipFactory(manager=True)):
        with pytest.raises(MembershipError):
            change_role(membership=colleague, role=Role.MANAGER, by=by, now=timezone.now())
        assert Membership.objects.filter(organisation=colleague.organisation, role=Role.MANAGER).count() == 1


def test_the_last_manager_can_neither_leave_nor_change_role(manager, colleague):
    with pytest.raises(MembershipError, match="seule personne responsable"):
        end_membership(membership=manager, by=manager, now=timezone.now())
    with pytest.raises(MembershipError, match="seule personne responsable"):
        change_role(membership=manager, role=Role.COUNSELLOR, by=manager, now=timezone.now())
    assert Membership.objects.filter(pk=manager.pk, until__isnull=True).exists()


def test_a_second_manager_frees_the_first(manager, colleague):
    change_role(membership=colleague, role=Role.MANAGER, by=manager, now=timezone.now())
    end_membership(membership=manager, by=manager, now=timezone.now())
    assert not Membership.objects.filter(pk=manager.pk, until__isnull=True).exists()


def test_a_member_may_leave_but_not_take_others_out(manager, colleague):
    other = MembershipFactory(organisation=manager.organisation)
    with pytest.raises(MembershipError):
        end_membership(membership=other, by=colleague, now=timezone.now())
    end_membership(membership=colleague, by=colleague, now=timezone.now())
    with pytest.raises(MembershipError, match="ne fait plus partie"):
        end_membership(membership=colleague, by=manager, now=timezone.now())


def test_sessions_end_with_the_last_membership(manager, colleague, client_for):
    elsewhere = MembershipFactory(user=colleague.user)
    client = client_for(colleague)
    end_membership(membership=colleague, by=manager, now=timezone.now())
    assert client.get("/compte/").status_code == 200
    other_manager = MembershipFactory(manager=True, organisation=elsewhere.organisation)
    end_membership(membership=elsewhere, by=other_manager, now=timezone.now())
    assert client.get("/compte/").status_code == 302


def test_the_database_refuses_to_lose_the_last_manager(manager):
    with pytest.raises(IntegrityError, match="membership_keeps_a_manager"), transaction.atomic():
        Membership.objects.filter(pk=manager.pk).update(until=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("change", ["UPDATE {} SET role = 'funder'", "DELETE FROM {}"])
def test_the_database_refuses_other_ways_to_lose_her(manager, change):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{change.format('accounts_membership')} WHERE id = %s", [manager.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_first_manager_is_made_once():
    organisation = OrganisationFactory()
    first = create_first_manager(organisation=organisation, user=UserFactory(), now=timezone.now())
    assert first.role == Role.MANAGER
    with pytest.raises(MembershipError):
        create_first_manager(organisation=organisation, user=UserFactory(), now=timezone.now())


def test_managers_see_addresses_and_invitations_colleagues_see_names(manager, colleague, client_for):
    invitation = InvitationFactory(organisation=manager.organisation)
    MembershipFactory(user__last_name="Ailleurs")
    for_manager = client_for(manager).get("/organisation/membres/").content.decode()
    for_colleague = client_for(colleague).get("/organisation/membres/").content.decode()
    assert colleague.user.email in for_manager
    assert invitation.email in for_manager
    assert manager.user.full_name in for_colleague
    assert manager.user.email not in for_colleague
    assert invitation.email not in for_colleague
    assert "Ailleurs" not in for_manager + for_colleague


def test_colleagues_cannot_guess_addresses_by_searching(manager, colleague, client_for):
    query = {"q": manager.user.email, "tri": "email"}
    assert manager.user.full_name in client_for(manager).get("/organisation/membres/", query).content.decode()
    page = client_for(colleague).get("/organisation/membres/", query).content.decode()
    assert "Rien ne correspond" in page
    for name in ("csv", "xlsx"):
        assert client_for(colleague).get("/organisation/membres/", {"format": name}).status_code == 200
    export = client_for(colleague).get("/organisation/membres/", {"format": "csv"}).content.decode()
    assert manager.user.full_name in export and manager.user.email not in export


@pytest.mark.parametrize("others", [1, 3])
def test_the_page_of_members_reads_as_much_for_one_as_for_three(manager, client_for, others, django_assert_num_queries):
    for _ in range(others):
        MembershipFactory(organisation=manager.organisation)
        InvitationFactory(organisation=manager.organisation, invited_by=manager.user)
    client = client_for(manager)
    with django_assert_num_queries(11):
        client.get("/organisation/membres/")


def test_changing_a_role_on_the_screen(manager, colleague, client_for):
    client, url = client_for(manager), f"/organisation/membres/{colleague.user.uuid}/role/"
    assert client.get(url).status_code == 200
    response = client.post(url, {"role": "steering"}, follow=True)
    assert "est maintenant pilote" in response.content.decode()
    assert Membership.objects.get(user=colleague.user, until__isnull=True).role == Role.STEERING


def test_the_last_manager_is_told_beside_the_field(manager, client_for):
    url = f"/organisation/membres/{manager.user.uuid}/role/"
    response = client_for(manager).post(url, {"role": "steering"})
    assert "Nommez d’abord un autre responsable" in response.content.decode()


def test_taking_someone_out_on_the_screen(manager, colleague, client_for):
    client, url = client_for(manager), f"/organisation/membres/{colleague.user.uuid}/fin/"
    assert client.get(url).status_code == 200
    client.post(url)
    assert not Membership.objects.filter(user=colleague.user, until__isnull=True).exists()


def test_a_colleague_cannot_open_the_departure_of_another(manager, colleague, client_for):
    client = client_for(colleague)
    assert client.get(f"/organisation/membres/{manager.user.uuid}/fin/").status_code == 404
    assert client.get(f"/organisation/membres/{colleague.user.uuid}/fin/").status_code == 200


def test_members_of_another_organisation_do_not_exist(manager, client_for):
    foreign = MembershipFactory(manager=True)
    for act in ("role", "fin"):
        assert client_for(manager).get(f"/organisation/membres/{foreign.user.uuid}/{act}/").status_code == 404


def test_my_account(client_for):
    membership = MembershipFactory()
    client = client_for(membership)
    client.post("/compte/", {"first_name": "  Inès ", "last_name": "N’Dioury"})
    membership.user.refresh_from_db()
    assert membership.user.full_name == "Inès N’Dioury"
    assert membership.organisation.name in client.get("/compte/").content.decode()
