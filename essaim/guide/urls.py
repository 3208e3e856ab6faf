from django.urls import path

from essaim.guide.views import catalogue, glossary, practices

app_name = "guide"
urlpatterns = [
    path("guide/", catalogue.catalogue, name="catalogue"),
    path("guide/glossaire/", glossary.glossary, name="glossary"),
    path("guide/<slug:slug>/", practices.practice, name="practice"),
]
