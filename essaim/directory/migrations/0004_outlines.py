"""An index on the outlines of zones: which of thousands hold a point is answered without reading them all."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_spine")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX zonearea_outline ON directory_zonearea USING gist ((ring::polygon))",
            "DROP INDEX zonearea_outline",
        )
    ]
