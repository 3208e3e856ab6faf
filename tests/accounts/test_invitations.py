"""Invitations: sent, shown, accepted once, closed without a word."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.accounts.models import Invitation, Membership, User
from essaim.accounts.operations import (
    InvitationClosedError,
    InvitationError,
    MembershipError,
    accept_invitation,
    cancel_invitation,
    invite_first_manager,
    invite_member,
    register_invited,
    resend_invitation,
)
from essaim.kernel.models import Message
from tests.factories.accounts import InvitationFactory, MembershipFactory, UserFactory
from tests.factories.directory import OrganisationFactory

pytestmark = pytest.mark.django_db
PASSWORD = "un tilleul devant la gare routière"
NEWCOMER = {"first_name": "Inès", "last_name": "Kadrani", "new_password": PASSWORD, "repeated": PASSWORD}


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def sent(manager):
    return invite(manager, "ines@exemple.fr")


def invite(manager, email, role=Role.COUNSELLOR, now=None):
    return invite_member(email=email, role=role, by=manager, now=now or timezone.now())


def page_of(sent):
    return f"/invitation/{sent.token}/"


def register(sent, now=None, **typed):
    names = {"first_name": "Inès", "last_name": "Kadrani", "password": PASSWORD, **typed}
    return register_invited(token=sent.token, **names, now=now or timezone.now())


def test_an_invitation_is_a_message_and_a_fingerprint(manager):
    sent = invite(manager, " Ines@Exemple.FR ")
    message = Message.objects.get()
    assert message.recipient == sent.invitation.email == "ines@exemple.fr"
    assert message.holds_link
    assert sent.link in message.body
    assert len(sent.token) >= 22
    assert sent.token not in str(Invitation.objects.values().get())


def test_a_newcomer_creates_her_account_and_is_in(sent, manager):
    client = Client()
    assert manager.organisation.name in client.get(page_of(sent)).content.decode()
    assert client.post(page_of(sent), NEWCOMER).status_code == 302
    membership = Membership.objects.get(user__email="ines@exemple.fr")
    assert (membership.organisation, membership.role) == (manager.organisation, Role.COUNSELLOR)
    assert get_user(client) == membership.user
    assert membership.user.check_password(PASSWORD)


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_mail_scanner_changes_nothing(sent, method):
    for _ in range(3):
        getattr(Client(), method)(page_of(sent))
    sent.invitation.refresh_from_db()
    assert sent.invitation.accepted_at is None
    assert not User.objects.filter(email="ines@exemple.fr").exists()


def test_a_known_address_signs_in_first_then_joins(sent):
    user = UserFactory(email="ines@exemple.fr")
    client = Client()
    page = client.get(page_of(sent))
    assert f"/connexion/?next=%2Finvitation%2F{sent.token}%2F" in page.content.decode()
    assert client.post(page_of(sent), NEWCOMER).status_code == 200
    assert not Membership.objects.filter(user=user).exists()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert not Membership.objects.filter(user=user).exists()
    assert client.post(page_of(sent)).status_code == 302
    assert Membership.objects.get(user=user).organisation == sent.invitation.organisation


def test_someone_else_signed_in_cannot_take_the_invitation(sent, client_for):
    other = MembershipFactory()
    client = client_for(other)
    for response in (client.get(page_of(sent)), client.post(page_of(sent), NEWCOMER)):
        text = response.content.decode()
        assert "pour une autre adresse" in text
        assert "ines@exemple.fr" not in text
    assert Membership.objects.filter(user=other.user).count() == 1
    with pytest.raises(InvitationClosedError):
        accept_invitation(token=sent.token, user=other.user, now=timezone.now())


def test_wrong_expired_cancelled_and_used_links_show_the_same_page(manager):
    now = timezone.now()
    expired = invite(manager, "a@exemple.fr", now=now - timedelta(days=7, seconds=1))
    cancelled = invite(manager, "b@exemple.fr")
    cancel_invitation(invitation=cancelled.invitation, by=manager, now=now)
    used = invite(manager, "c@exemple.fr")
    register(used)
    answers = [Client().get(page_of(each)) for each in (expired, cancelled, used)]
    answers += [Client().post(page_of(each), NEWCOMER) for each in (expired, cancelled, used)]
    answers += [Client().get("/invitation/jeton-inconnu/"), Client().get("/invitation/%ff/")]
    assert {response.status_code for response in answers} == {404}
    assert len({response.content for response in answers}) == 1
    assert User.objects.filter(email__endswith="@exemple.fr", first_name="Inès").count() == 1


def test_a_weak_password_is_refused_beside_its_field(sent):
    response = Client().post(page_of(sent), NEWCOMER | {"new_password": "court", "repeated": "court"})
    assert "Trop court" in response.content.decode()
    assert "Kadrani" in response.content.decode()
    assert not User.objects.filter(email="ines@exemple.fr").exists()


def test_a_link_sent_again_replaces_the_first(sent, manager):
    again = resend_invitation(invitation=sent.invitation, by=manager, now=timezone.now())
    assert Client().get(page_of(sent)).status_code == 404
    assert Client().get(page_of(again)).status_code == 200
    assert Message.objects.count() == 2


def test_an_address_is_invited_once_at_a_time(sent, manager):
    with pytest.raises(InvitationError) as refusal:
        invite(manager, "ines@exemple.fr")
    assert refusal.value.field == "email"
    late = timezone.now() + timedelta(days=8)
    assert invite(manager, "ines@exemple.fr", Role.STEERING, now=late).invitation.pk == sent.invitation.pk


def test_a_member_is_not_invited_again(manager):
    member = MembershipFactory(organisation=manager.organisation)
    with pytest.raises(InvitationError, match="déjà partie"):
        invite(manager, member.user.email)


def test_inviting_does_not_reveal_an_account_elsewhere(manager, client_for):
    UserFactory(email="connue@exemple.fr")
    client = client_for(manager)
    pages = []
    for email in ("connue@exemple.fr", "nouvel@exemple.fr"):
        client.post("/organisation/membres/inviter/", {"email": email, "role": "counsellor"})
        message = Message.objects.latest("pk")
        pages.append(message.subject)
    assert len(set(pages)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_only_managers_invite(role, client_for):
    member = MembershipFactory(role=role)
    with pytest.raises(MembershipError):
        invite(member, "ines@exemple.fr")
    client_for(member).post("/organisation/membres/inviter/", {"email": "ines@exemple.fr", "role": "counsellor"})
    assert not Invitation.objects.exists()


def test_a_manager_who_left_invites_nobody(manager):
    MembershipFactory(manager=True, organisation=manager.organisation)
    Membership.objects.filter(pk=manager.pk).update(until=timezone.now())
    with pytest.raises(MembershipError):
        invite(manager, "ines@exemple.fr")


def test_invitations_of_another_organisation_do_not_exist(client_for, manager):
    foreign = InvitationFactory()
    client = client_for(manager)
    for act in ("renvoyer", "annuler"):
        assert client.post(f"/organisation/invitations/{foreign.uuid}/{act}/").status_code == 404
    with pytest.raises(InvitationError):
        cancel_invitation(invitation=foreign, by=manager, now=timezone.now())
    assert foreign.email not in client.get("/organisation/membres/").content.decode()


def test_a_member_who_accepts_keeps_her_role(sent, manager):
    user = UserFactory(email="ines@exemple.fr")
    kept = MembershipFactory(user=user, organisation=manager.organisation, role=Role.STEERING)
    assert accept_invitation(token=sent.token, user=user, now=timezone.now()) == kept


def test_someone_who_left_can_come_back(sent, manager):
    user = UserFactory(email="ines@exemple.fr")
    MembershipFactory(user=user, organisation=manager.organisation, ended=True)
    membership = accept_invitation(token=sent.token, user=user, now=timezone.now())
    assert membership.until is None


def test_the_first_manager_is_invited_by_nobody():
    organisation = OrganisationFactory()
    sent = invite_first_manager(organisation=organisation, email="premiere@exemple.fr", now=timezone.now())
    again = invite_first_manager(organisation=organisation, email="premiere@exemple.fr", now=timezone.now())
    assert Client().get(page_of(sent)).status_code == 404
    assert register(again).role == Role.MANAGER
    with pytest.raises(InvitationError):
        invite_first_manager(organisation=organisation, email="autre@exemple.fr", now=timezone.now())
