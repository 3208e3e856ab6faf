import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0002_spine"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="validated",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                size=None,
                verbose_name="validé en entretien",
            ),
        ),
        migrations.AddField(
            model_name="waitingentry",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("other_solution", "a trouvé une autre solution"),
                    ("unavailable", "pas disponible en ce moment"),
                    ("not_wanted", "ne souhaite plus venir"),
                    ("unreachable", "n’a pas pu être jointe"),
                    ("decided", "une autre décision a été prise"),
                ],
                max_length=20,
                verbose_name="motif",
            ),
        ),
    ]
