"""Every app's routes. An app's ``urls.py`` holds its own prefixes, in French, as users read them."""

from django.urls import include, path

from essaim.kernel.availability import health

APPS_WITH_SCREENS = [
    "web",
    "privacy",
    "steering",
    "employers",
    "agenda",
    "journeys",
    "journal",
    "guide",
    "people",
    "accounts",
    "directory",
    "kernel",
]

urlpatterns = [
    path("sante/", health, name="health"),
    *(path("", include(f"essaim.{app}.urls")) for app in APPS_WITH_SCREENS),
]
handler400 = "essaim.kernel.availability.bad_request"
handler500 = "essaim.kernel.availability.server_error"
