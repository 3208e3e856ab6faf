from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "essaim.kernel"
    label = "kernel"
    verbose_name = "Socle"
    default_auto_field = "django.db.models.BigAutoField"
