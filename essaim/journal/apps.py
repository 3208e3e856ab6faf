from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "essaim.journal"
    label = "journal"
    verbose_name = "Fil"
    default_auto_field = "django.db.models.BigAutoField"
