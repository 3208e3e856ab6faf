from django.apps import AppConfig


class EmployersConfig(AppConfig):
    name = "essaim.employers"
    label = "employers"
    verbose_name = "Entreprises"
    default_auto_field = "django.db.models.BigAutoField"
