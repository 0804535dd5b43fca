"""The addresses of the agency's desk, under ``/g/<agence>/``."""

from django.urls import path

from palier.screens.gestion import (
    codes,
    documents,
    equipe,
    flux,
    imports,
    journal,
    notice,
    personne,
    personnes,
    rapport,
    reglages,
    tableau,
    vue,
)

app_name = "gestion"
_PERSONNE = "personnes/<uuid:acces>"
_INVITATION = "equipe/invitations/<uuid:invitation>"
_IMPORT = "imports/<uuid:import_id>"
urlpatterns = [
    path("", tableau.TableauDeBord.as_view(), name="accueil"),
    path("plus", tableau.Plus.as_view(), name="plus"),
    path("personnes", personnes.Personnes.as_view(), name="personnes"),
    path("codes", codes.Codes.as_view(), name="codes"),
    path(_PERSONNE, personne.Personne.as_view(), name="personne"),
    path(f"{_PERSONNE}/code/lettre", personne.CodeLettre.as_view(), name="code_lettre"),
    path(f"{_PERSONNE}/code/courriel", personne.CodeCourriel.as_view(), name="code_courriel"),
    path(f"{_PERSONNE}/code/revoquer", personne.CodeRevoquer.as_view(), name="code_revoquer"),
    path(f"{_PERSONNE}/dissocier", personne.Dissocier.as_view(), name="dissocier"),
    path(f"{_PERSONNE}/voir", vue.VueComme.as_view(), name="vue_comme"),
    path("imports", imports.Imports.as_view(), name="imports"),
    path("imports/deposer", imports.Deposer.as_view(), name="deposer"),
    path(_IMPORT, imports.Import.as_view(), name="import"),
    path(f"{_IMPORT}/annuler", imports.ImportAnnuler.as_view(), name="import_annuler"),
    path(f"{_IMPORT}/confirmer", imports.ImportConfirmer.as_view(), name="import_confirmer"),
    path(f"{_IMPORT}/abandonner", imports.ImportAbandonner.as_view(), name="import_abandonner"),
    path(f"{_IMPORT}/rapport.csv", rapport.RapportCsv.as_view(), name="rapport_csv"),
    path(f"{_IMPORT}/rapport.json", rapport.RapportJson.as_view(), name="rapport_json"),
    path("documents", documents.Documents.as_view(), name="documents"),
    path("documents/<uuid:document>", documents.Document.as_view(), name="document"),
    path("documents/<uuid:document>/telecharger", documents.Telecharger.as_view(), name="telecharger"),
    path("equipe", equipe.Equipe.as_view(), name="equipe"),
    path("equipe/inviter", equipe.Inviter.as_view(), name="inviter"),
    path("equipe/<uuid:membre>/retirer", equipe.MembreRetirer.as_view(), name="membre_retirer"),
    path(f"{_INVITATION}/renvoyer", equipe.InvitationRenvoyer.as_view(), name="invitation_renvoyer"),
    path(f"{_INVITATION}/revoquer", equipe.InvitationRevoquer.as_view(), name="invitation_revoquer"),
    path("journal", journal.Journal.as_view(), name="journal"),
    path("reglages", reglages.Reglages.as_view(), name="reglages"),
    path("reglages/flux", flux.ReglagesFlux.as_view(), name="reglages_flux"),
    path("reglages/flux/nouveau", flux.FluxNouveau.as_view(), name="flux_nouveau"),
    path("reglages/flux/<uuid:flux>", flux.FluxModifier.as_view(), name="flux_modifier"),
    path("reglages/flux/<uuid:flux>/retirer", flux.FluxRetirer.as_view(), name="flux_retirer"),
    path("notice", notice.Notice.as_view(), name="notice"),
]
