from django.urls import path

from essaim.guide.views import catalogue, comparing, exchange, glossary, practices, reviews, themes, variants

app_name = "guide"
urlpatterns = [
    path("guide/", catalogue.catalogue, name="catalogue"),
    path("guide/comparer/", comparing.compare, name="compare"),
    path("guide/themes/<slug:key>/", themes.theme, name="theme"),
    path("guide/glossaire/", glossary.glossary, name="glossary"),
    path("guide/importer/", exchange.practice_import, name="practice_import"),
    path("guide/variantes/", variants.variant_list, name="variant_list"),
    path("guide/variantes/<str:ref>/", variants.variant, name="variant"),
    path("guide/variantes/<str:ref>/fiche.yaml", exchange.variant_yaml, name="variant_yaml"),
    path("guide/variantes/<str:ref>/modifier/", variants.variant_edit, name="variant_edit"),
    path("guide/variantes/<str:ref>/relire/", reviews.variant_submit, name="variant_submit"),
    path("guide/variantes/<str:ref>/commenter/", reviews.variant_comment, name="variant_comment"),
    path("guide/variantes/<str:ref>/decider/", reviews.variant_decide, name="variant_decide"),
    path("guide/variantes/<str:ref>/retirer/", reviews.variant_withdraw, name="variant_withdraw"),
    path("guide/variantes/<str:ref>/suivante/", variants.variant_renew, name="variant_renew"),
    path("guide/<slug:slug>/", practices.practice, name="practice"),
    path("guide/<slug:slug>/fiche.yaml", exchange.practice_yaml, name="practice_yaml"),
    path("guide/<slug:slug>/variante/", variants.variant_new, name="variant_new"),
]
