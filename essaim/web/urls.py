from django.urls import path

from essaim.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("recherche/", views.search, name="search"),
]
