from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "essaim.privacy"
    label = "privacy"
    verbose_name = "Confidentialité"
    default_auto_field = "django.db.models.BigAutoField"
