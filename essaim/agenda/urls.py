from django.urls import URLPattern

app_name = "agenda"
urlpatterns: list[URLPattern] = [
    # Calendar and appointments
    # Sessions and rooms
]
