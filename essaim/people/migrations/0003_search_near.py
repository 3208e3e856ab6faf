"""The index of the search that forgives typing errors. Locks people_person against writing while it is built."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0003_spine"),
        ("kernel", "0002_french_text"),
        ("people", "0002_spine"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_key"], name="person_search_near", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
