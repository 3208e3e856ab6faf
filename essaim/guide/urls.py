from django.urls import path

from essaim.guide.views import catalogue, comparing, glossary, practices, themes

app_name = "guide"
urlpatterns = [
    path("guide/", catalogue.catalogue, name="catalogue"),
    path("guide/comparer/", comparing.compare, name="compare"),
    path("guide/themes/<slug:key>/", themes.theme, name="theme"),
    path("guide/glossaire/", glossary.glossary, name="glossary"),
    path("guide/<slug:slug>/", practices.practice, name="practice"),
]
