from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "essaim.rehearsal"
    label = "rehearsal"
    verbose_name = "Répétition"
    default_auto_field = "django.db.models.BigAutoField"
