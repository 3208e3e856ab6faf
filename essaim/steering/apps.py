from django.apps import AppConfig


class SteeringConfig(AppConfig):
    name = "essaim.steering"
    label = "steering"
    verbose_name = "Pilotage"
    default_auto_field = "django.db.models.BigAutoField"
