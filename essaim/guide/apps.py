from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "essaim.guide"
    label = "guide"
    verbose_name = "Guide"
    default_auto_field = "django.db.models.BigAutoField"
