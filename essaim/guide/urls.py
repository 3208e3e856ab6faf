from django.urls import path

from essaim.guide import views

app_name = "guide"
urlpatterns = [
    path("guide/", views.catalogue, name="catalogue"),
    path("guide/glossaire/", views.glossary, name="glossary"),
    path("guide/<slug:slug>/", views.practice, name="practice"),
]
