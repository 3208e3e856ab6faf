"""The term of a parcours, its renewals, and who may come back: rows, facts and refusals."""

from datetime import date

import pytest

from essaim.journal.models import Fact
from essaim.journeys.enums import DecisionOutcome
from essaim.journeys.models import Decision, Enrolment
from essaim.journeys.operations import (
    EnrolmentRefused,
    RenewalRefused,
    cancel_enrolment,
    cancel_renewal,
    change_setting,
    close_enrolment,
    correct_closing,
    correct_enrolment,
    renew_enrolment,
    reopen_enrolment,
)
from essaim.journeys.queries.limits import limit_in_words, limit_of, renewals_in_words, stays_of, term_of
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment

pytestmark = pytest.mark.django_db
ENTRY = date(2026, 3, 2)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def fresh(enrolment):
    return Enrolment.objects.select_related("action", "person").get(pk=enrolment.pk)


def renew(enrolment, by, now, on=date(2026, 5, 20), **values):
    enrolment = fresh(enrolment)
    return renew_enrolment(enrolment=enrolment, on=on, by=by, now=now, **({"version": enrolment.version} | values))


def leave(enrolment, on, by, now, reason="job"):
    enrolment = fresh(enrolment)
    return close_enrolment(enrolment=enrolment, reason=reason, on=on, version=enrolment.version, by=by, now=now)


def test_an_entry_gets_its_term(counsellor):
    assert make_enrolment(counsellor).due_on == date(2026, 6, 1)


def test_a_renewal_adds_one_duration_and_says_so_in_the_fil(counsellor, now):
    enrolment = make_enrolment(counsellor)
    decision = renew(enrolment, counsellor, now, explanation="Un entretien d’embauche est prévu.")

    assert (fresh(enrolment).due_on, fresh(enrolment).renewals) == (date(2026, 9, 1), 1)
    assert decision.outcome == DecisionOutcome.ACCEPTED
    assert decision.fact.data == {"step": "renewal", "outcome": "accepted"}
    assert decision.fact.day == date(2026, 5, 20)
    assert decision.fact.subject.person == enrolment.person


def test_a_second_renewal_is_refused_in_words(counsellor, now):
    enrolment = make_enrolment(counsellor)
    renew(enrolment, counsellor, now)
    with pytest.raises(RenewalRefused, match=r"ne peut plus être renouvelé.*3\u00a0mois, renouvelables 1\u00a0fois, 6"):
        renew(enrolment, counsellor, now)
    assert fresh(enrolment).renewals == 1
    assert Fact.objects.filter(kind="decision_made", live=True).count() == 1


def test_a_renewal_refused_leaves_the_term_and_keeps_why(counsellor, now):
    enrolment = make_enrolment(counsellor)
    with pytest.raises(RenewalRefused) as refusal:
        renew(enrolment, counsellor, now, accept=False)
    assert refusal.value.field == "explanation"
    decision = renew(enrolment, counsellor, now, accept=False, explanation="Ne vient plus.", reason="motivation")
    assert (fresh(enrolment).due_on, fresh(enrolment).renewals) == (date(2026, 6, 1), 0)
    assert decision.fact.data == {"step": "renewal", "outcome": "refused"}
    with pytest.raises(RenewalRefused, match="motif"):
        renew(enrolment, counsellor, now, accept=False, explanation="Ne vient plus.", reason="humeur")


@pytest.mark.parametrize("on", [date(2026, 11, 24), date(2026, 3, 1)])
def test_a_renewal_has_a_day_of_the_parcours(counsellor, now, on):
    enrolment = make_enrolment(counsellor)
    with pytest.raises(RenewalRefused) as refusal:
        renew(enrolment, counsellor, now, on=on)
    assert refusal.value.field == "on"


def test_a_parcours_that_is_over_is_not_renewed(counsellor, now):
    enrolment = make_enrolment(counsellor)
    leave(enrolment, date(2026, 4, 1), counsellor, now)
    with pytest.raises(RenewalRefused, match="terminé"):
        renew(enrolment, counsellor, now)


def test_a_stranger_does_not_renew(counsellor, now):
    enrolment = make_enrolment(counsellor)
    with pytest.raises(RenewalRefused, match="ne suivez pas"):
        renew(enrolment, MembershipFactory(), now)


def test_the_second_of_two_editors_is_told(counsellor, now):
    enrolment = make_enrolment(counsellor)
    version = fresh(enrolment).version
    renew(enrolment, counsellor, now)
    with pytest.raises(EditConflict):
        renew(enrolment, counsellor, now, version=version)


def test_a_renewal_cancelled_gives_the_term_back(counsellor, now):
    enrolment = make_enrolment(counsellor)
    decision = renew(enrolment, counsellor, now)
    cancelled = cancel_renewal(decision=decision, version=fresh(enrolment).version, by=counsellor, now=now)

    assert cancelled.cancelled_at == now
    assert (fresh(enrolment).due_on, fresh(enrolment).renewals) == (date(2026, 6, 1), 0)
    assert not Fact.objects.filter(kind="decision_made", live=True).exists()
    with pytest.raises(RenewalRefused, match="déjà annulé"):
        cancel_renewal(decision=decision, version=fresh(enrolment).version, by=counsellor, now=now)
    renew(enrolment, counsellor, now)
    assert fresh(enrolment).renewals == 1


def test_no_renewal_when_the_action_allows_none(counsellor, now):
    enrolment = make_enrolment(counsellor, make_action(counsellor, settings={"renewals_max": 0}))
    with pytest.raises(RenewalRefused, match="ne prévoit pas de renouvellement"):
        renew(enrolment, counsellor, now)


def test_coming_back_resumes_the_clock(counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    first = make_enrolment(counsellor, action, person)
    leave(first, date(2026, 3, 31), counsellor, now)
    second = make_enrolment(counsellor, action, person, on=date(2026, 9, 1))
    assert second.due_on == date(2026, 11, 1)  # 92 days allowed, 30 used


def test_renewals_of_former_parcours_count(counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    first = make_enrolment(counsellor, action, person)
    renew(first, counsellor, now)
    leave(first, date(2026, 6, 30), counsellor, now)
    second = make_enrolment(counsellor, action, person, on=date(2026, 9, 1))
    with pytest.raises(RenewalRefused):
        renew(second, counsellor, now, on=date(2026, 9, 20))


def test_nobody_comes_back_after_using_everything(counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    first = make_enrolment(counsellor, action, person)
    renew(first, counsellor, now)
    leave(first, date(2026, 9, 1), counsellor, now)
    with pytest.raises(EnrolmentRefused, match=r"toute la durée.*6\u00a0mois en tout"):
        make_enrolment(counsellor, action, person, on=date(2026, 9, 20))


def test_the_term_follows_corrections(counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    first = make_enrolment(counsellor, action, person)
    corrected = correct_enrolment(
        enrolment=fresh(first), on=date(2026, 3, 9), track="", version=fresh(first).version, by=counsellor, now=now
    )
    assert fresh(corrected).due_on == date(2026, 6, 8)
    leave(first, date(2026, 3, 31), counsellor, now)
    second = make_enrolment(counsellor, action, person, on=date(2026, 9, 1))
    before = second.due_on
    correct_closing(
        enrolment=fresh(first), reason="job", on=date(2026, 4, 10), version=fresh(first).version, by=counsellor, now=now
    )
    assert (before - fresh(second).due_on).days == 10


def test_the_term_follows_a_reopening_and_a_cancelled_parcours(counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    first = make_enrolment(counsellor, action, person)
    leave(first, date(2026, 3, 31), counsellor, now)
    second = make_enrolment(counsellor, action, person, on=date(2026, 9, 1))
    cancel_enrolment(enrolment=fresh(first), version=fresh(first).version, by=counsellor, now=now)
    assert fresh(second).due_on == date(2026, 11, 30)

    other = make_enrolment(counsellor, action)
    leave(other, date(2026, 3, 31), counsellor, now)
    reopened = reopen_enrolment(enrolment=fresh(other), version=fresh(other).version, by=counsellor, now=now)
    assert reopened.due_on == fresh(other).due_on == date(2026, 6, 1)


def test_a_parcours_with_a_renewal_is_not_cancelled_before_it(counsellor, now):
    enrolment = make_enrolment(counsellor)
    renew(enrolment, counsellor, now)
    with pytest.raises(EnrolmentRefused, match="un renouvellement"):
        cancel_enrolment(enrolment=fresh(enrolment), version=fresh(enrolment).version, by=counsellor, now=now)


def test_another_duration_moves_the_terms_of_open_parcours(counsellor, now):
    action = make_action(counsellor)
    first, second = make_enrolment(counsellor, action), make_enrolment(counsellor, action)
    leave(second, date(2026, 3, 31), counsellor, now)
    change_setting(action=action, key="duration_months", value=4, version=action.version, by=counsellor, now=now)
    assert fresh(first).due_on == date(2026, 7, 1)
    assert fresh(second).due_on == date(2026, 6, 1)


def test_the_term_in_words(counsellor):
    enrolment = make_enrolment(counsellor)
    term = term_of(enrolment, date(2026, 4, 7))
    assert (term.weeks, term.words, term.is_near) == ("semaine 6 sur 13", "terme le 1er juin, dans 55 jours", False)
    assert term_of(enrolment, date(2026, 6, 1)).words == "terme aujourd’hui"
    late = term_of(enrolment, date(2026, 6, 4))
    assert (late.weeks, late.words) == ("terme dépassé", "terme dépassé depuis le 1er juin, il y a 3 jours")
    assert limit_in_words(limit_of(enrolment.action)) == "3\u00a0mois, renouvelables 1\u00a0fois, 6\u00a0mois en tout"
    assert renewals_in_words(limit_of(enrolment.action), stays_of([enrolment])) == "1 renouvellement possible"


def test_decisions_stay_as_history(counsellor, now):
    enrolment = make_enrolment(counsellor)
    renew(enrolment, counsellor, now, accept=False, explanation="Pas encore.")
    renew(enrolment, counsellor, now, on=date(2026, 5, 28))
    assert [one.outcome for one in Decision.objects.filter(step="renewal")] == ["accepted", "refused"]
