"""What merging two files and erasing an identity may change in the journal: by named functions, on record."""

from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

SQL = Path(__file__).with_name("0004_merge_and_erasure.sql")


def _pseudonym(words):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.subject", verbose_name=words
    )


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_bilan_index"), ("people", "0002_spine")]

    operations = [
        migrations.CreateModel(
            name="SubjectMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_subject", _pseudonym("pseudonyme quitté")),
                ("to_subject", _pseudonym("pseudonyme gardé")),
                ("facts", models.JSONField(verbose_name="faits")),
                ("merged_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="le")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="défaite le")),
            ],
            options={"verbose_name": "faits réunis", "ordering": ["pk"]},
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
