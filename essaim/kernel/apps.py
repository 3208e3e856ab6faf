from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "essaim.kernel"
    label = "kernel"
    verbose_name = "Socle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import Tags, register

        from essaim.kernel.checks import check_production

        register(check_production, Tags.security)
