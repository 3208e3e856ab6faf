"""Meetings: agenda, attendees, decisions and minutes. Approved, they no longer change, whoever writes."""

import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import essaim.agenda.models.meetings

FREEZE = """
CREATE FUNCTION agenda_refuse_frozen() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'minutes_frozen: approved minutes do not change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'minutes_frozen';
END
$$;

CREATE FUNCTION agenda_keep_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    approved timestamptz;
BEGIN
    -- An approval under way is waited for.
    SELECT approved_at INTO approved FROM agenda_meeting
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.meeting_id ELSE NEW.meeting_id END FOR SHARE;
    IF approved IS NOT NULL THEN
        PERFORM agenda_refuse_frozen();
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE FUNCTION agenda_keep_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agenda_refuse_frozen();
    RETURN NULL;
END
$$;

CREATE TRIGGER agendaitem_frozen BEFORE INSERT OR UPDATE OR DELETE ON agenda_agendaitem
    FOR EACH ROW EXECUTE FUNCTION agenda_keep_minutes();
CREATE TRIGGER attendee_frozen BEFORE INSERT OR UPDATE OR DELETE ON agenda_attendee
    FOR EACH ROW EXECUTE FUNCTION agenda_keep_minutes();
CREATE TRIGGER meetingdecision_frozen
    BEFORE INSERT OR DELETE OR UPDATE OF words, owner_id, owner_name, due_on, meeting_id, action_id
    ON agenda_meetingdecision FOR EACH ROW EXECUTE FUNCTION agenda_keep_minutes();
CREATE TRIGGER meeting_frozen
    BEFORE UPDATE OF planned_id, kind, approved_at, approved_by_id, frozen, fact_id ON agenda_meeting
    FOR EACH ROW WHEN (OLD.approved_at IS NOT NULL AND (
        OLD.planned_id, OLD.kind, OLD.approved_at, OLD.approved_by_id, OLD.frozen, OLD.fact_id
    ) IS DISTINCT FROM (
        NEW.planned_id, NEW.kind, NEW.approved_at, NEW.approved_by_id, NEW.frozen, NEW.fact_id
    )) EXECUTE FUNCTION agenda_keep_approval();
CREATE TRIGGER meeting_frozen_kept BEFORE DELETE ON agenda_meeting
    FOR EACH ROW WHEN (OLD.approved_at IS NOT NULL) EXECUTE FUNCTION agenda_keep_approval();
"""
THAW = """
DROP TRIGGER agendaitem_frozen ON agenda_agendaitem;
DROP TRIGGER attendee_frozen ON agenda_attendee;
DROP TRIGGER meetingdecision_frozen ON agenda_meetingdecision;
DROP TRIGGER meeting_frozen ON agenda_meeting;
DROP TRIGGER meeting_frozen_kept ON agenda_meeting;
DROP FUNCTION agenda_keep_minutes();
DROP FUNCTION agenda_keep_approval();
DROP FUNCTION agenda_refuse_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0003_appointment_to_replace"),
        ("directory", "0004_outlines"),
        ("journal", "0004_merge_and_erasure"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("steering", "comité de pilotage"),
                            ("technical", "comité technique"),
                            ("follow_up", "comité de suivi"),
                            ("jury", "jury"),
                            ("review", "bilan"),
                            ("partners", "réunion de partenaires"),
                            ("employers", "comité des employeurs"),
                            ("working", "groupe de travail"),
                            ("point", "point régulier"),
                            ("other", "autre réunion"),
                        ],
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="compte rendu approuvé le")),
                ("frozen", models.JSONField(blank=True, null=True, verbose_name="compte rendu approuvé")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approuvé par",
                    ),
                ),
                (
                    "fact",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.fact",
                        verbose_name="fait",
                    ),
                ),
                (
                    "planned",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting",
                        to="agenda.plannedsession",
                        verbose_name="séance",
                    ),
                ),
            ],
            options={
                "verbose_name": "réunion",
                "ordering": ["planned__starts", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Attendee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="nom")),
                ("organisation_name", models.CharField(blank=True, max_length=160, verbose_name="organisation")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("invited_at", models.DateTimeField(blank=True, null=True, verbose_name="invitation envoyée le")),
                (
                    "presence",
                    models.CharField(
                        blank=True,
                        choices=[("present", "présente"), ("excused", "excusée"), ("absent", "absente")],
                        max_length=7,
                        verbose_name="présence",
                    ),
                ),
                (
                    "represents",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="organisation représentée",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendees",
                        to="agenda.meeting",
                        verbose_name="réunion",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant à une réunion",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("title", models.CharField(max_length=200, verbose_name="point")),
                ("notes", models.TextField(blank=True, verbose_name="notes")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="agenda.meeting",
                        verbose_name="réunion",
                    ),
                ),
            ],
            options={
                "verbose_name": "point de l’ordre du jour",
                "ordering": ["rank", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MeetingDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        db_collation="C",
                        default=essaim.agenda.models.meetings.new_decision_ref,
                        max_length=16,
                        unique=True,
                        verbose_name="référence",
                    ),
                ),
                ("words", models.CharField(max_length=300, verbose_name="décision")),
                ("owner_name", models.CharField(blank=True, max_length=160, verbose_name="confiée à (sans compte)")),
                ("due_on", models.DateField(verbose_name="pour le")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "à faire"), ("done", "faite"), ("dropped", "abandonnée")],
                        default="open",
                        max_length=7,
                        verbose_name="état",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="ce qui s’est passé")),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="réglée le")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="écrite le")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_decisions",
                        to="journal.action",
                        verbose_name="action",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="agenda.meeting",
                        verbose_name="réunion",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confiée à",
                    ),
                ),
                (
                    "reviewed_at",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviewed",
                        to="agenda.meeting",
                        verbose_name="revue à",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="réglée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "décision de réunion",
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MinutesSending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recipient", models.EmailField(max_length=254, verbose_name="adresse")),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="envoyé le")),
                (
                    "attendee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sendings",
                        to="agenda.attendee",
                        verbose_name="participant",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sendings",
                        to="agenda.meeting",
                        verbose_name="réunion",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="envoyé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "envoi d’un compte rendu",
                "ordering": ["sent_at", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_at__isnull", True),
                        ("approved_by__isnull", True),
                        ("fact__isnull", True),
                        ("frozen__isnull", True),
                    ),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("fact__isnull", False),
                        ("frozen__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="meeting_approved_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="attendee",
            index=models.Index(fields=["user", "represents"], name="attendee_user"),
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("email", ""),
                        ("name", ""),
                        ("organisation_name", ""),
                        ("represents__isnull", False),
                        ("user__isnull", False),
                    ),
                    models.Q(
                        ("represents__isnull", True), ("user__isnull", True), models.Q(("name", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="attendee_account_or_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.UniqueConstraint(fields=("meeting", "user"), name="attendee_account_once"),
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.UniqueConstraint(
                models.F("meeting"),
                django.db.models.functions.text.Lower("name"),
                django.db.models.functions.text.Lower("organisation_name"),
                condition=models.Q(("user__isnull", True)),
                name="attendee_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("meeting", "rank"),
                name="agendaitem_rank_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("meeting", "title"),
                name="agendaitem_title_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="agendaitem_title_given"
            ),
        ),
        migrations.AddIndex(
            model_name="meetingdecision",
            index=models.Index(fields=["action", "state", "due_on"], name="meetingdecision_action"),
        ),
        migrations.AddIndex(
            model_name="meetingdecision",
            index=models.Index(fields=["owner", "state"], name="meetingdecision_owner"),
        ),
        migrations.AddConstraint(
            model_name="meetingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner__isnull", False), ("owner_name", "")),
                    models.Q(("owner__isnull", True), models.Q(("owner_name", ""), _negated=True)),
                    _connector="OR",
                ),
                name="meetingdecision_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("reviewed_at__isnull", True),
                        ("settled_by__isnull", True),
                        ("settled_on__isnull", True),
                        ("state", "open"),
                    ),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("settled_by__isnull", False),
                        ("settled_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="meetingdecision_settled_with_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "dropped"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="meetingdecision_dropped_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="meetingdecision_words_given"
            ),
        ),
        migrations.AddConstraint(
            model_name="minutessending",
            constraint=models.UniqueConstraint(fields=("meeting", "attendee"), name="minutessending_once"),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
