"""Traces are kept as long as promised, no longer."""

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from essaim.accounts.models import ReadAudit
from essaim.accounts.operations import forget_old_traces, record_reads
from tests.factories.accounts import MembershipFactory

NOW = datetime(2026, 11, 23, 3, 40, tzinfo=UTC)


@pytest.mark.django_db
def test_reads_are_kept_a_year_failed_sign_ins_a_day_sessions_while_open():
    member = MembershipFactory()
    for days in (364, 366):
        record_reads(user=member.user, by=member, reads=[("person", f"P{days}")], now=NOW - timedelta(days=days))
    for key, hours in (("open", 1), ("over", -1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(hours=hours))
    for hours in (1, 25):
        attempt = AccessAttempt.objects.create(username=f"u{hours}", failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=NOW - timedelta(hours=hours))
    forget_old_traces(now=NOW)
    assert [audit.object_ref for audit in ReadAudit.objects.all()] == ["P364"]
    assert [session.session_key for session in Session.objects.all()] == ["open"]
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["u1"]


@pytest.mark.django_db
def test_a_read_without_membership_is_recorded_too():
    member = MembershipFactory()
    record_reads(user=member.user, by=None, reads=[("person", "P1")], now=NOW)
    assert ReadAudit.objects.get().organisation_ref == ""
