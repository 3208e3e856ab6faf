"""French ordering and search: unaccent, trigrams and ``fr_sort``, the one immutable function indexes may use."""

from django.db import migrations

FR_SORT = """
CREATE FUNCTION public.fr_sort(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));
COMMENT ON FUNCTION public.fr_sort(text) IS
  'Text without case nor accents, the same on every server: for French ordering and tolerant search.';
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public", migrations.RunSQL.noop),
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public", migrations.RunSQL.noop),
        migrations.RunSQL(FR_SORT, "DROP FUNCTION public.fr_sort(text)"),
    ]
