"""Fixtures shared by every test."""

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import settings

# A busy machine is not a fault: no time limit for an example.
settings.register_profile("essaim", deadline=None)
settings.load_profile("essaim")


@pytest.fixture
def client_for():
    """``client_for(membership)``: a client signed in as her, acting for that organisation.

    The session is dated now, so that the first request writes nothing in it: query counts stay literal.
    """

    def sign_in(membership, **options) -> Client:
        client = Client(**options)
        client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        now = timezone.now().timestamp()
        session.update({"organisation": membership.organisation_id, "signed_in_at": now, "last_seen_at": now})
        session.save()
        return client

    return sign_in


@pytest.fixture
def client_of():
    """``client_of(user)``: a client signed in as someone who may have no membership."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
