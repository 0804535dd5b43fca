"""The addresses of a space, served twice: ``/e/<espace>/`` and, for staff looking on, ``/g/<agence>/vue/<espace>/``."""

from django.urls import path

from palier.screens.espace import accueil, assurance, bien, compte, document, documents, information

app_name = "espace"

urlpatterns = [
    path("", accueil.AccueilEspace.as_view(), name="accueil"),
    path("documents", documents.Documents.as_view(), name="documents"),
    path("documents.zip", documents.DocumentsZip.as_view(), name="documents_zip"),
    path("documents/<uuid:document>", document.Document.as_view(), name="document"),
    path("documents/<uuid:document>/texte", document.DocumentTexte.as_view(), name="document_texte"),
    path(
        "documents/<uuid:document>/page/<int:page>.png", document.DocumentPage.as_view(), name="document_page"
    ),
    path(
        "documents/<uuid:document>/telecharger",
        document.DocumentTelecharger.as_view(),
        name="document_telecharger",
    ),
    path("compte", compte.Compte.as_view(), name="compte"),
    path("compte/releve.csv", compte.ReleveCsv.as_view(), name="releve_csv"),
    path("compte/releve.pdf", compte.RelevePdf.as_view(), name="releve_pdf"),
    path("bien", bien.Bien.as_view(), name="bien"),
    path("assurance", assurance.Assurance.as_view(), name="assurance"),
    path("assurance/envoyer", assurance.AssuranceEnvoyer.as_view(), name="assurance_envoyer"),
    path("assurance/<uuid:justificatif>", assurance.AssuranceFichier.as_view(), name="assurance_fichier"),
    path(
        "assurance/<uuid:justificatif>/supprimer",
        assurance.AssuranceSupprimer.as_view(),
        name="assurance_supprimer",
    ),
    path("plus", accueil.Plus.as_view(), name="plus"),
    path("information", information.Information.as_view(), name="information"),
]
