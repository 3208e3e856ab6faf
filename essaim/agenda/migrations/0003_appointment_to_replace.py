from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0002_spine"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="is_to_replace",
            field=models.BooleanField(default=False, verbose_name="à replacer"),
        ),
    ]
