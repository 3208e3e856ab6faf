import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from essaim.kernel.models import AnswerLink, LinkAnswer
from essaim.kernel.operations import LinkClosedError, answer_link, create_answer_link, revoke_answer_links
from essaim.kernel.queries import answer_link_for, get_last_answer

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
PURPOSE = "employers.cv_reply"


def make_link(**changes):
    given = {"purpose": PURPOSE, "subject_ref": "K1", "expires_at": NOW + WEEK, "now": NOW} | changes
    return create_answer_link(**given)


@pytest.mark.django_db
def test_the_token_is_long_and_never_kept():
    link, token = make_link()
    assert len(token) >= 43
    stored = AnswerLink.objects.values().get(pk=link.pk)
    assert all(token not in str(value) for value in stored.values())
    assert answer_link_for(token, purpose=PURPOSE, now=NOW) == link


@pytest.mark.django_db
def test_wrong_expired_closed_and_misused_links_are_all_absent():
    _, token = make_link()
    _, closed = make_link(subject_ref="K2")
    revoke_answer_links(purpose=PURPOSE, subject_ref="K2", now=NOW)
    attempts = [
        (token, PURPOSE, NOW + WEEK),
        (token, "other", NOW),
        (closed, PURPOSE, NOW),
        ("é\udcff", PURPOSE, NOW),
    ]
    for text, purpose, moment in attempts:
        with pytest.raises(AnswerLink.DoesNotExist):
            answer_link_for(text, purpose=purpose, now=moment)
        with pytest.raises(LinkClosedError, match="ne permet plus"):
            answer_link(token=text, purpose=purpose, data={"answer": "yes"}, now=moment)
    assert not LinkAnswer.objects.exists()


@pytest.mark.django_db
def test_last_answer_wins_and_history_stays():
    link, token = make_link()
    assert get_last_answer(link) is None
    for answer in ("yes", "yes", "no"):
        answer_link(token=token, purpose=PURPOSE, data={"answer": answer}, now=NOW)
    assert get_last_answer(link).data == {"answer": "no"}
    assert [answer.data["answer"] for answer in link.answers.all()] == ["yes", "no"]


@pytest.mark.django_db
def test_a_link_that_would_be_born_expired_is_refused():
    with pytest.raises(ValueError):
        make_link(expires_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_put_one_after_the_other():
    link, token = make_link()
    barrier, faults = threading.Barrier(2), []

    def answer(value):
        try:
            barrier.wait(timeout=10)
            answer_link(token=token, purpose=PURPOSE, data={"answer": value}, now=NOW)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=[value]) for value in ("yes", "no")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not faults
    assert [answer.number for answer in link.answers.all()] == [1, 2]
