"""Files of claims, which the database refuses to change, like what was sent to a funder."""

import django.contrib.postgres.fields
import django.db.models.deletion
import essaim.journal.engine.content
import essaim.steering.models.claims
from django.conf import settings
from django.db import migrations, models


CREATE = """
CREATE TRIGGER claimfile_stays BEFORE UPDATE OR DELETE ON steering_claimfile
    FOR EACH ROW EXECUTE FUNCTION steering_refuse_change();

CREATE TRIGGER claimparticipant_stays BEFORE UPDATE OR DELETE ON steering_claimparticipant
    FOR EACH ROW EXECUTE FUNCTION steering_refuse_change();
"""
REMOVE = """
DROP TRIGGER IF EXISTS claimparticipant_stays ON steering_claimparticipant;
DROP TRIGGER IF EXISTS claimfile_stays ON steering_claimfile;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0006_edition"),
        ("steering", "0002_figures_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        db_collation="C",
                        default=essaim.steering.models.claims.new_claim_ref,
                        max_length=16,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("since", models.DateField(verbose_name="du")),
                ("until", models.DateField(verbose_name="au")),
                ("observed_on", models.DateField(verbose_name="vu le")),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        default=list,
                        size=None,
                        verbose_name="pièces demandées",
                    ),
                ),
                (
                    "figures",
                    models.JSONField(encoder=essaim.journal.engine.content.ContentEncoder, verbose_name="chiffres"),
                ),
                (
                    "budget",
                    models.JSONField(encoder=essaim.journal.engine.content.ContentEncoder, verbose_name="budget"),
                ),
                ("made_at", models.DateTimeField(verbose_name="constitué le")),
                (
                    "instalment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim_files",
                        to="journeys.instalment",
                        verbose_name="versement",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="constitué par",
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier de demande",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ClaimParticipant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "missing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="pièces manquantes",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
                        to="steering.claimfile",
                        verbose_name="dossier",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.enrolment",
                        verbose_name="parcours",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant d’un dossier de demande",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="claimfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("observed_on__gte", models.F("since")), ("until__gte", models.F("since"))),
                name="claimfile_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimparticipant",
            constraint=models.UniqueConstraint(fields=("claim", "enrolment"), name="claimparticipant_once"),
        ),
        migrations.RunSQL(CREATE, REMOVE),
    ]
