"""Passages of the practices, searched as French text without accents."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


ESSAIM_FR = """
CREATE TEXT SEARCH CONFIGURATION public.essaim_fr (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION public.essaim_fr
  ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, french_stem;
COMMENT ON TEXT SEARCH CONFIGURATION public.essaim_fr IS 'French words, accents aside: « Évreux » and « evreux » meet.';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0002_french_text"),
        ("guide", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(ESSAIM_FR, "DROP TEXT SEARCH CONFIGURATION public.essaim_fr"),
        migrations.AddField(
            model_name="practice",
            name="passages_digest",
            field=models.CharField(db_collation="C", default="", max_length=64, verbose_name="empreinte des passages"),
        ),
        migrations.CreateModel(
            name="PracticePassage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("part", models.CharField(db_collation="C", max_length=20, verbose_name="partie")),
                ("weight", models.PositiveSmallIntegerField(verbose_name="poids")),
                ("text", models.TextField(verbose_name="texte")),
                (
                    "vector",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector("text", config="public.essaim_fr"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                        verbose_name="mots",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="guide.practice",
                        verbose_name="fiche",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
                "ordering": ["practice", "rank"],
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="passage_vector")],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "rank"), name="passage_rank_once"),
                    models.CheckConstraint(condition=models.Q(("weight__gte", 1)), name="passage_weight_positive"),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="passage_not_empty"),
                ],
            },
        ),
    ]
