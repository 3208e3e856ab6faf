from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "essaim.journeys"
    label = "journeys"
    verbose_name = "Parcours"
    default_auto_field = "django.db.models.BigAutoField"
