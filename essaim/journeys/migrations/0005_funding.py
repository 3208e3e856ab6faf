"""Agreements and instalments, whose sum the database bounds; targets changed; time of the team; budget by funder."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import essaim.journeys.models.funding

# The sum of several rows is beyond a CHECK. The agreement's row is taken first, so that of two instalments added at the
# same time the second waits, then sees the first.
CREATE = """
CREATE FUNCTION journeys_instalments_within_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreement bigint;
    granted numeric;
    planned numeric;
BEGIN
    IF TG_TABLE_NAME = 'journeys_instalment' THEN
        agreement := NEW.agreement_id;
    ELSE
        agreement := NEW.id;
    END IF;
    SELECT amount INTO granted FROM journeys_fundingagreement WHERE id = agreement FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO planned
    FROM journeys_instalment WHERE agreement_id = agreement AND cancelled_at IS NULL;
    IF planned > granted THEN
        RAISE EXCEPTION 'instalments_within_agreement: % planned, % granted', planned, granted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalments_within_agreement';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER instalments_within_agreement
    AFTER INSERT OR UPDATE OF amount, agreement_id, cancelled_at ON journeys_instalment
    FOR EACH ROW EXECUTE FUNCTION journeys_instalments_within_agreement();

CREATE TRIGGER agreement_covers_instalments
    AFTER UPDATE OF amount ON journeys_fundingagreement
    FOR EACH ROW EXECUTE FUNCTION journeys_instalments_within_agreement();
"""
REMOVE = """
DROP TRIGGER agreement_covers_instalments ON journeys_fundingagreement;
DROP TRIGGER instalments_within_agreement ON journeys_instalment;
DROP FUNCTION journeys_instalments_within_agreement();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_outlines"),
        ("journal", "0004_merge_and_erasure"),
        ("journeys", "0004_mentoring"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="budgetline",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="annulée le"),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="funder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.organisation",
                verbose_name="financeur",
            ),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="label",
            field=models.CharField(blank=True, max_length=120, verbose_name="intitulé"),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="version",
            field=models.PositiveIntegerField(default=1, verbose_name="version"),
        ),
        migrations.CreateModel(
            name="FundingAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        db_collation="C",
                        default=essaim.journeys.models.funding.new_agreement_ref,
                        max_length=16,
                        unique=True,
                        verbose_name="référence",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="intitulé")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="numéro chez le financeur")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="montant")),
                ("starts", models.DateField(verbose_name="début")),
                ("ends", models.DateField(verbose_name="fin")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signée le")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "en préparation"),
                            ("signed", "signée"),
                            ("settled", "soldée"),
                            ("cancelled", "annulée"),
                        ],
                        default="prepared",
                        max_length=9,
                        verbose_name="état",
                    ),
                ),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("identity", "pièce d’identité"),
                                ("zone_proof", "justificatif de quartier"),
                                ("diploma", "diplôme ou attestation"),
                                ("cv", "CV"),
                                ("commitment", "engagement signé"),
                                ("attendance", "présence notée à une séance"),
                                ("work_contract", "contrat de travail, si elle est sortie en emploi"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="pièces demandées",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="créée le")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="journal.action",
                        verbose_name="action",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
                (
                    "funder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="financeur",
                    ),
                ),
                (
                    "signed_fact",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.fact",
                        verbose_name="fait de signature",
                    ),
                ),
            ],
            options={
                "verbose_name": "convention de financement",
                "ordering": ["starts", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        db_collation="C",
                        default=essaim.journeys.models.funding.new_instalment_ref,
                        max_length=16,
                        unique=True,
                        verbose_name="référence",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("advance", "avance"), ("interim", "acompte"), ("balance", "solde")],
                        max_length=8,
                        verbose_name="nature",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="montant")),
                ("claim_by", models.DateField(verbose_name="à demander avant le")),
                ("expected_on", models.DateField(verbose_name="attendu le")),
                ("claimed_on", models.DateField(blank=True, null=True, verbose_name="demandé le")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="reçu le")),
                (
                    "received_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="montant reçu"
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="annulé le")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instalments",
                        to="journeys.fundingagreement",
                        verbose_name="convention",
                    ),
                ),
                (
                    "claimed_fact",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.fact",
                        verbose_name="fait de demande",
                    ),
                ),
                (
                    "received_fact",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.fact",
                        verbose_name="fait de réception",
                    ),
                ),
            ],
            options={
                "verbose_name": "versement",
                "ordering": ["expected_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StaffTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="le premier jour du mois", verbose_name="mois")),
                (
                    "hours",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="heures"),
                ),
                (
                    "share",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=4, null=True, verbose_name="part de temps plein"
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="coût"),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="saisi le")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time",
                        to="journeys.staffmember",
                        verbose_name="membre de l’équipe",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saisi par",
                    ),
                ),
            ],
            options={
                "verbose_name": "temps passé",
                "ordering": ["-month", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TargetChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(db_collation="C", max_length=64, verbose_name="indicateur")),
                (
                    "old_value",
                    models.DecimalField(decimal_places=4, max_digits=16, null=True, verbose_name="ancienne cible"),
                ),
                (
                    "new_value",
                    models.DecimalField(decimal_places=4, max_digits=16, null=True, verbose_name="nouvelle cible"),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="le")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="target_changes",
                        to="journal.action",
                        verbose_name="action",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "cible modifiée",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="fundingagreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("action", "funder", "title"),
                name="agreement_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("amount__lte", 1000000000)), name="agreement_amount_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gte", models.F("starts"))), name="agreement_dates_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["prepared", "cancelled"]), ("signed_on__isnull", False), _connector="OR"
                ),
                name="agreement_signed_with_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["signed", "settled"]), _negated=True),
                    ("signed_fact__isnull", False),
                    _connector="OR",
                ),
                name="agreement_signed_with_fact",
            ),
        ),
        migrations.AddIndex(
            model_name="instalment",
            index=models.Index(
                condition=models.Q(("cancelled_at__isnull", True), ("claimed_on__isnull", True)),
                fields=["claim_by"],
                name="instalment_to_claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("amount__lte", 1000000000)), name="instalment_amount_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(("expected_on__gte", models.F("claim_by"))), name="instalment_dates_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("received_amount__isnull", True), ("received_on__isnull", True)),
                    models.Q(
                        ("received_amount__gt", 0),
                        ("received_amount__lte", models.F("amount")),
                        ("received_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="instalment_received_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_on__isnull", True),
                    models.Q(("claimed_on__isnull", False), ("received_on__gte", models.F("claimed_on"))),
                    _connector="OR",
                ),
                name="instalment_claimed_before_received",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("claimed_on__isnull", True), _connector="OR"),
                name="instalment_cancelled_unclaimed",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("kind", "balance")),
                fields=("agreement",),
                name="instalment_one_balance",
            ),
        ),
        migrations.AddConstraint(
            model_name="stafftime",
            constraint=models.UniqueConstraint(fields=("member", "month"), name="stafftime_once_a_month"),
        ),
        migrations.AddConstraint(
            model_name="stafftime",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="stafftime_month_first_day"),
        ),
        migrations.AddConstraint(
            model_name="stafftime",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hours__isnull", False), ("share__isnull", True)),
                    models.Q(("hours__isnull", True), ("share__isnull", False)),
                    _connector="OR",
                ),
                name="stafftime_hours_or_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="stafftime",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__isnull", True), ("hours__range", (0, 744)), _connector="OR"),
                name="stafftime_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="stafftime",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__isnull", True), ("share__range", (0, 1)), _connector="OR"),
                name="stafftime_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="stafftime",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__isnull", True), ("cost__range", (0, 1000000000)), _connector="OR"),
                name="stafftime_cost_range",
            ),
        ),
        migrations.RunSQL(CREATE, REMOVE),
    ]
