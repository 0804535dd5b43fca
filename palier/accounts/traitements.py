"""Processing of the one personal account: the exploitant is its controller."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="compte",
        nom="Compte personnel",
        qualite=Qualite.RESPONSABLE,
        finalite="Ouvrir, protéger et servir le compte unique de chaque personne.",
        base="Exécution des conditions d’utilisation (RGPD art. 6.1.b) ; sécurité : intérêt légitime (art. 6.1.f).",
        personnes="Titulaires d’un compte : clients des agences, équipes des agences, exploitant.",
        donnees="Adresse e-mail, empreinte du mot de passe, langue, sessions (adresse IP, navigateur), dates de visite.",
        destinataires="Aucun ; l’agence seulement si la personne choisit de partager son adresse.",
        duree="Vie du compte ; deux ans sans visite, puis deux avertissements et suppression.",
        tables=(
            "accounts.Account", "account.EmailAddress", "account.EmailConfirmation", "usersessions.UserSession",
            "sessions.Session", "core.Compteur",
        ),
    ),
]  # fmt: skip
