from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "essaim.web"
    label = "web"
    verbose_name = "Accueil"
    default_auto_field = "django.db.models.BigAutoField"
