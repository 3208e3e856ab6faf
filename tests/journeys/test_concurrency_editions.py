"""Two people take the same action over at the same instant: two editions, two numbers."""

from datetime import date

import pytest
from django.utils import timezone

from essaim.journeys.models import Edition
from essaim.journeys.operations import duplicate_action
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action
from tests.journeys.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_editions_made_at_once_bear_following_numbers():
    manager = MembershipFactory(manager=True)
    source, now = make_action(manager), timezone.now()
    arguments = {
        "title": "Encore",
        "starts": date(2027, 1, 1),
        "ends": date(2027, 6, 30),
        "places": None,
        "territory": None,
        "settings": {},
    }

    def copy():
        return duplicate_action(source=source, arguments=arguments, by=manager, now=now)

    assert not [each for each in at_once([copy] * 4) if isinstance(each, Exception)]
    assert list(Edition.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert set(Edition.objects.values_list("first", flat=True)) == {source.pk}
