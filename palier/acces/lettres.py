"""The paper side of codes: a letter each, one PDF for a batch, a list to hand out. Made in memory, kept nowhere."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from palier.acces.codes import CodeEmis
from palier.agences.models import Agence, Logo
from palier.core.access import Gesture, require
from palier.core.actor import Actor
from palier.core.dates import date_longue, date_simple, today
from palier.core.impression import print_pdf

_MODELE = Path(__file__).with_name("lettres.typ")
_LISTE = Path(__file__).with_name("liste.typ")


def activation_link(identifiant: str) -> str:
    """Return the address of the activation page, identifier included; never the secret."""
    return f"{settings.SITE_URL}{reverse('activer')}?i={identifiant}"


def _qr(text: str) -> str:
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", scale=4, border=0, xmldecl=False)
    return buffer.getvalue().decode()


def letters_pdf(actor: Actor, agence: Agence, codes: Sequence[CodeEmis]) -> bytes:
    """Return one PDF with one page for each code, in French, as ready for a windowed envelope."""
    require(actor, Gesture.CODE_ISSUE)
    with translation.override("fr"):
        return print_pdf(_MODELE, "envoi", _letters(agence, codes))


def _letters(agence: Agence, codes: Sequence[CodeEmis]) -> dict[str, Any]:
    names = {"agence": agence.nom}
    site = settings.SITE_URL.partition("://")[2]
    call = (
        _("au %(numero)s") % {"numero": agence.telephone} if agence.telephone else _("à l’adresse ci-dessus")
    )
    return {
        "titre": _("Votre code d’accès à l’espace en ligne de %(agence)s") % names,
        "agence": {
            "nom": agence.nom,
            "couleur": agence.couleur,
            "logo": _logo(agence),
            "lignes": [line for line in (agence.adresse, agence.telephone, agence.email) if line],
        },
        "le": _("Le %(jour)s") % {"jour": date_longue(today())},
        "objet": _("Votre espace en ligne est prêt"),
        "presentation": [
            _(
                "%(agence)s vous ouvre un espace personnel sur Internet : vos documents, votre compte, votre bien, "
                "à toute heure et gratuitement. Vous gardez vos envois sur papier tant que vous le souhaitez."
            )
            % names,
            _(
                "Pour y entrer la première fois, il vous faut l’identifiant et le code ci-dessous. "
                "Ils sont personnels et servent une seule fois."
            ),
        ],
        "mots": {
            "identifiant": _("Identifiant"),
            "code": _("Code"),
            "qr": _("Code à photographier : il ouvre la page d’activation, identifiant déjà rempli."),
            "qr_legende": _("À photographier avec un téléphone"),
        },
        "etapes": [
            _(
                "Allez sur %(site)s, « J’ai reçu un courrier avec un code », ou photographiez le carré ci-dessus."
            )
            % {"site": site},
            _(
                "Recopiez l’identifiant et le code. Majuscules ou minuscules, avec ou sans espaces : tout convient."
            ),
            _(
                "Choisissez votre adresse e-mail et votre mot de passe. Déjà un compte Palier ? Le code s’y ajoute."
            ),
        ],
        "suite": [
            _(
                "Une question, un code perdu, une erreur de nom ? Appelez-nous %(appel)s : nous vous en remettons un "
                "autre, et celui-ci cesse aussitôt de fonctionner. Nous ne vous demanderons jamais votre mot de passe."
            )
            % {"appel": call},
            agence.nom,
        ],
        "pied": _(
            "Palier est le portail de votre agence ; elle répond du contenu de votre espace. %(site)s/confidentialite"
        )
        % {"site": site},
        "lettres": [_letter(code) for code in codes],
    }


def _logo(agence: Agence) -> list[int]:
    """Return the bytes of the logo as typst takes them from JSON; none when there is no logo."""
    if not agence.logo_empreinte:
        return []
    found = Logo.objects.filter(agence_id=agence.id).values_list("contenu", flat=True).first()
    return list(bytes(found)) if found else []


def _letter(code: CodeEmis) -> dict[str, Any]:
    return {
        "adresse": list(code.adresse),
        "salut": _("%(appel)s,") % {"appel": code.appel},
        "identifiant": code.identifiant_imprime,
        "secret": code.secret_imprime,
        "expire": _("À utiliser avant le %(jour)s.") % {"jour": date_longue(code.expire_le)},
        "qr": _qr(activation_link(code.identifiant)),
    }


def list_pdf(actor: Actor, agence: Agence, codes: Sequence[CodeEmis]) -> bytes:
    """Return a list of codes to hand out at the counter, one line each, to be kept under lock and shredded."""
    require(actor, Gesture.CODE_ISSUE)
    with translation.override("fr"):
        content = {
            "titre": _("Codes d’accès à remettre en main propre"),
            "agence": agence.nom,
            "le": _("Émis le %(jour)s") % {"jour": date_longue(today())},
            "garde": _(
                "Ces codes ouvrent l’espace de chaque personne : gardez cette liste sous clé, remettez chaque code à "
                "la personne seule, puis détruisez la liste."
            ),
            "colonnes": [_("Personne"), _("Identifiant"), _("Code"), _("Valable jusqu’au")],
            "lignes": [
                [c.nom, c.identifiant_imprime, c.secret_imprime, date_simple(c.expire_le)] for c in codes
            ],
        }
        return print_pdf(_LISTE, "envoi", content)
