"""« À faire »: what the actions I follow ask for, in order, put off with a reason, and nothing of anybody else's."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from essaim.accounts.enums import Role
from essaim.journeys.models import Enrolment
from essaim.kernel.errors import OperationError
from essaim.people.models import Person
from essaim.web.operations import SnoozeRefused, cancel_snooze, snooze_line
from essaim.web.queries import TodoFilters, count_todo_for, todo_for
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_partner_plan

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 4, 20)
SILENT = "agenda.silent"


@pytest.fixture(autouse=True)
def frozen():
    """Monday 20 April 2026: someone entered on 2 March has been silent for seven weeks."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def counsellor():
    return MembershipFactory(counsellor=True)


@pytest.fixture
def silent(counsellor):
    return make_enrolment(counsellor, make_action(counsellor))


def lines(viewer, kind=SILENT, **filters):
    return todo_for(viewer, TODAY, TodoFilters(is_team=True, kind=kind, **filters)).lines


def test_a_silent_person_is_told_with_the_rule_of_the_practice(counsellor, silent):
    (line,) = lines(counsellor)
    assert line.person_name == silent.person.full_name
    assert line.urgency == "late"
    assert line.number == (TODAY - silent.opened_on).days
    assert "14" in line.why


def test_a_change_of_setting_moves_the_line(counsellor):
    make_enrolment(counsellor, make_action(counsellor, settings={"silence_days": 90}))
    assert lines(counsellor) == []


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2026, 5, 16), []),
        (date(2026, 5, 17), ["after"]),
        (date(2026, 5, 25), ["week"]),
        (date(2026, 6, 2), ["late"]),
    ],
)
def test_a_term_is_prepared_from_the_days_that_the_practice_sets(counsellor, silent, on, found):
    assert silent.due_on == date(2026, 6, 1)
    todo = todo_for(counsellor, on, TodoFilters(is_team=True, kind="journeys.limit_near"))
    assert [line.urgency for line in todo.lines] == found
    assert len(todo.after) == found.count("after")


def test_nothing_of_another_organisation_nor_for_those_who_do_not_follow_people(counsellor, silent):
    assert lines(MembershipFactory(counsellor=True)) == []
    for role in (Role.STEERING, Role.FUNDER, Role.EMPLOYER_RELATIONS):
        assert lines(MembershipFactory(role=role, organisation=counsellor.organisation)) == []


def test_a_protected_person_is_told_to_her_referent_team_and_to_who_follows_her(counsellor):
    partner = MembershipFactory(counsellor=True)
    colleague = MembershipFactory(counsellor=True, organisation=partner.organisation)
    action = make_action(counsellor, partners=[make_partner_plan(partner.organisation, sees_people=True)])
    enrolment = make_enrolment(counsellor, action)
    Person.objects.filter(pk=enrolment.person_id).update(is_protected=True)
    assert [line.subject for line in lines(counsellor)] == [enrolment.ref]
    assert lines(partner) == lines(colleague) == []
    Enrolment.objects.update(referent=partner.user)
    assert [line.subject for line in lines(partner)] == [enrolment.ref]
    assert lines(colleague) == []


def test_mine_and_the_teams_are_counted_apart(counsellor, silent):
    colleague = MembershipFactory(counsellor=True, organisation=counsellor.organisation)
    mine, hers = todo_for(counsellor, TODAY), todo_for(colleague, TODAY)
    assert mine.team == hers.team > 0
    assert [line for line in hers.lines if line.kind.key == SILENT] == []
    assert count_todo_for(counsellor, TODAY) == mine.mine


def test_a_line_put_off_comes_back_on_its_day_if_it_is_still_true(counsellor, silent):
    until = TODAY + timedelta(days=3)
    snooze_line(kind=SILENT, subject=silent.ref, until=until, reason="waiting", by=counsellor, now=NOW)
    assert lines(counsellor) == []
    back = todo_for(counsellor, until, TodoFilters(is_team=True, kind=SILENT))
    assert [line.subject for line in back.lines] == [silent.ref]


def test_a_line_put_off_can_be_brought_back_at_once(counsellor, silent):
    snooze_line(
        kind=SILENT, subject=silent.ref, until=TODAY + timedelta(days=3), reason="waiting", by=counsellor, now=NOW
    )
    assert cancel_snooze(kind=SILENT, subject=silent.ref, by=counsellor, now=NOW) == 1
    assert len(lines(counsellor)) == 1


@pytest.mark.parametrize(
    "change, words",
    [
        ({"until": TODAY}, "un jour à venir"),
        ({"until": TODAY + timedelta(days=31)}, "30 jours au plus"),
        ({"reason": "tired"}, "Choisissez un motif"),
        ({"subject": "E000"}, "plus dans la liste"),
        ({"kind": "agenda.unheard"}, "plus dans la liste"),
    ],
)
def test_what_cannot_be_put_off(counsellor, silent, change, words):
    asked = {"kind": SILENT, "subject": silent.ref, "until": TODAY + timedelta(days=2), "reason": "later"} | change
    with pytest.raises(SnoozeRefused, match=words):
        snooze_line(**asked, by=counsellor, now=NOW)


def test_a_stranger_puts_nothing_off(silent):
    with pytest.raises(OperationError):
        snooze_line(
            kind=SILENT,
            subject=silent.ref,
            until=TODAY + timedelta(days=2),
            reason="later",
            by=MembershipFactory(counsellor=True),
            now=NOW,
        )


def test_the_page_shows_the_lines_and_puts_one_off(client_for, counsellor, silent):
    client = client_for(counsellor)
    assertContains(client.get(reverse("web:todo")), silent.person.full_name)
    address = reverse("web:snooze", args=[SILENT, silent.ref])
    form = client.get(address).context["form"]
    data = {"form_key": form["form_key"].value(), "until": "2026-04-24", "reason": "agreed"}
    response = client.post(address, data, follow=True)
    assertContains(response, "reviendra le 24 avril 2026")
    assertNotContains(client.get(reverse("web:todo"), {"motif": SILENT}), silent.person.full_name)


def test_the_counter_of_the_bars(client_for, counsellor, silent):
    assertContains(client_for(counsellor).get(reverse("web:todo_count")), str(count_todo_for(counsellor, TODAY)))


def test_the_counter_is_hidden_when_nothing_waits(client_for):
    answer = client_for(MembershipFactory(counsellor=True)).get(reverse("web:todo_count"))
    assert answer.content == b""


def test_a_page_without_action_says_where_to_begin(client_for, counsellor):
    assertContains(client_for(counsellor).get(reverse("web:todo")), "Rien à faire pour l’instant")


@pytest.mark.parametrize("asked", ["\x00", "x" * 5000, "'; DROP TABLE", "%"])
def test_the_filters_take_anything(client_for, counsellor, silent, asked):
    client = client_for(counsellor)
    assert client.get(reverse("web:todo"), {"action": asked, "motif": asked, "pour": asked}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_number_of_queries(client_for, counsellor, number, django_assert_num_queries):
    club = make_action(counsellor)
    for _ in range(number):
        make_enrolment(counsellor, club, make_eligible(counsellor))
    client = client_for(counsellor)
    client.get(reverse("web:todo"))
    with django_assert_num_queries(22):
        client.get(reverse("web:todo"))


def test_the_list_leaves_as_a_file_with_its_filters(counsellor, silent, client_for):
    client, url = client_for(counsellor), reverse("web:todo_file")
    page = client.get(reverse("web:todo"), {"pour": "equipe", "motif": SILENT}).content.decode()
    assert f"{url}?pour=equipe&amp;motif={SILENT}" in page
    found = client.get(url, {"pour": "equipe", "motif": SILENT}).content.decode().splitlines()
    assert len(found) == 2
    assert silent.person.full_name in found[1]
    assert "14" in found[1]
    assert len(client.get(url, {"motif": "agenda.to_record"}).content.decode().splitlines()) == 1
    assert client.get(url, {"format": "xlsx"}).status_code == 200
    assert silent.person.full_name not in client_for(MembershipFactory()).get(url).content.decode()


def test_the_file_does_not_name_a_protected_person_outside_her_referent_team(counsellor, client_for):
    carrier = MembershipFactory(counsellor=True)
    action = make_action(carrier, partners=[make_partner_plan(counsellor.organisation, sees_people=True)])
    enrolment = make_enrolment(carrier, action)
    Enrolment.objects.filter(pk=enrolment.pk).update(referent=counsellor.user)
    Person.objects.filter(pk=enrolment.person_id).update(is_protected=True)
    assert enrolment.person.full_name in client_for(counsellor).get(reverse("web:todo")).content.decode()
    file = client_for(counsellor).get(reverse("web:todo_file")).content.decode()
    assert "Dossier protégé" in file
    assert enrolment.person.full_name not in file
    assert enrolment.person.code not in file
    assert (
        enrolment.person.full_name
        in client_for(carrier).get(reverse("web:todo_file") + "?pour=equipe").content.decode()
    )
