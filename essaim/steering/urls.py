from django.urls import path

from essaim.steering.views import bilan, claims, frozen, funders, targets

app_name = "steering"
urlpatterns = [
    path("pilotage/", bilan.home, name="home"),
    path("pilotage/financements/", funders.funded, name="funded"),
    path("pilotage/financements/rapport.<str:fmt>", funders.funded_file, name="funded_file"),
    path("pilotage/financements/bilans/<str:ref>/", funders.received, name="received"),
    path("pilotage/financements/bilans/<str:ref>.<str:fmt>", funders.received_file, name="received_file"),
    path("actions/<str:ref>/bilans-envoyes/", frozen.sent_list, name="sent_list"),
    path("actions/<str:ref>/bilans-envoyes/nouveau/", frozen.send, name="send"),
    path("actions/<str:ref>/bilans-envoyes/<str:code>/", frozen.sent, name="sent"),
    path("versements/<str:ref>/dossier/", claims.claim, name="claim"),
    path("versements/<str:ref>/dossier/figer/", claims.claim_freeze, name="claim_freeze"),
    path("versements/<str:ref>/dossier/participants/", claims.claim_people, name="claim_people"),
    path("demandes/<str:ref>/", claims.claim_file, name="claim_file"),
    path("demandes/<str:ref>.zip", claims.claim_zip, name="claim_zip"),
    path("actions/<str:ref>/objectifs/", targets.targets, name="targets"),
    path("actions/<str:ref>/objectifs/fichier/", targets.targets_file, name="targets_file"),
    path("actions/<str:ref>/bilan/", bilan.bilan, name="bilan"),
    path("actions/<str:ref>/bilan.<str:fmt>", bilan.bilan_file, name="bilan_file"),
    path("actions/<str:ref>/bilan/<str:indicator>/", bilan.people_behind, name="people_behind"),
]
