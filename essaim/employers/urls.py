from django.urls import path

from essaim.employers.views import companies, contracts

app_name = "employers"
urlpatterns = [
    path("entreprises/", companies.company_list, name="company_list"),
    path("entreprises/nouvelle/", companies.create, name="company_new"),
    path("entreprises/<str:ref>/", companies.company, name="company"),
    path("entreprises/<str:ref>/modifier/", companies.edit, name="company_edit"),
    path("actions/<str:ref>/contrats/", contracts.contract_list, name="contract_list"),
    path("actions/<str:ref>/contrats/nouveau/", contracts.sign, name="sign"),
    path("actions/<str:ref>/contrats/<str:contract>/corriger/", contracts.correct, name="correct"),
    path("actions/<str:ref>/contrats/<str:contract>/fin/", contracts.end, name="end"),
    path("actions/<str:ref>/contrats/<str:contract>/fin/annuler/", contracts.undo_end, name="undo_end"),
    path("actions/<str:ref>/contrats/<str:contract>/annuler/", contracts.cancel, name="cancel"),
    path("personnes/<str:ref>/emploi/", contracts.person_contracts, name="person_contracts"),
]
