"""Indexes of the tolerant search and of the French order: on ``fr_sort``, which only kernel 0002 makes."""

from django.db import migrations

INDEXES = """
CREATE INDEX organisation_name_folded ON directory_organisation USING gin (public.fr_sort(name) public.gin_trgm_ops);
CREATE INDEX commune_name_folded ON directory_commune USING gin (public.fr_sort(name) public.gin_trgm_ops);
CREATE INDEX commune_name_order ON directory_commune (public.fr_sort(name));
CREATE INDEX commune_postcodes ON directory_commune USING gin (postcodes);
"""
NO_INDEXES = "DROP INDEX organisation_name_folded, commune_name_folded, commune_name_order, commune_postcodes"


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("kernel", "0002_french_text")]

    operations = [migrations.RunSQL(INDEXES, NO_INDEXES)]
