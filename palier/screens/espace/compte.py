"""The account of a space: balance in one sentence, due items, charges by key, ledger, statement to take away."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palier.comptabilite import queries
from palier.comptabilite.enums import ModeReglement
from palier.comptabilite.releve import Releve, to_csv, to_pdf
from palier.comptabilite.rules import grand_livre
from palier.comptabilite.rules.grand_livre import Ecriture, Periode
from palier.comptabilite.rules.solde import Etat, Situation, total
from palier.core import dates, money
from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.core.streaming import disposition
from palier.screens.espace.base import EspacePage, cle_ecrite, cle_lue

PAR_PAGE = 100
MAX_RELEVE = 20_000  # lines of a statement to take away


def euros(montant: Decimal) -> str:
    """Write euros in the reader's language."""
    return money.euros(montant, get_language() or "fr")


def date_simple(jour: date) -> str:
    """Write a date in full in the reader's language."""
    return dates.date_simple(jour, get_language() or "fr")


def phrase_du_solde(situation: Situation, jour: date) -> str:
    """Say the balance in one sentence."""
    if situation.titre_au is not None and situation.titre_clos(jour):
        return _("Votre titre sur ce compte a pris fin le %(date)s.") % {
            "date": date_simple(situation.titre_au)
        }
    solde = situation.solde
    if solde is None or situation.etat is Etat.INCONNU:
        return _("Le solde de ce compte n’est pas communiqué.")
    if situation.etat is Etat.A_JOUR:
        return _("Vous êtes à jour.")
    montant = euros(abs(solde))
    if situation.etat is Etat.CREDITEUR:
        if situation.role == "coproprietaire":
            return _("Votre compte est créditeur de %(montant)s.") % {"montant": montant}
        return _("L’agence vous doit %(montant)s.") % {"montant": montant}
    before = situation.avant_le(jour)
    if before is not None and solde <= total(situation.dues):
        return _("Vous devez %(montant)s avant le %(date)s.") % {
            "montant": montant,
            "date": date_simple(before),
        }
    return _("Vous devez %(montant)s.") % {"montant": montant}


def suite_du_solde(situation: Situation, jour: date) -> str:
    """Say what comes next: what is late, else the next due date when the sentence did not say it."""
    if situation.titre_clos(jour):
        return _("Seules les écritures de votre période sont montrées.")
    late = situation.en_retard(jour)
    if late:
        return _("%(montant)s était à payer avant le %(date)s.") % {
            "montant": euros(total(late)),
            "date": date_simple(late[-1].exigible_le),
        }
    due = situation.prochaine
    if due is not None and situation.etat is not Etat.DOIT:
        same = [item for item in situation.dues if item.exigible_le == due.exigible_le]
        return _("Prochaine échéance : %(montant)s avant le %(date)s.") % {
            "montant": euros(total(same)),
            "date": date_simple(due.exigible_le),
        }
    if situation.etat is Etat.CREDITEUR and situation.role == "coproprietaire":
        return _("Cette somme viendra en déduction de vos prochains appels.")
    return ""


@dataclass(frozen=True, slots=True)
class GrandLivre:
    """What the ledger's part of the page shows."""

    compte: queries.Compte
    resume: queries.Resume
    periodes: list[Periode]
    periode: Periode | None

    @property
    def situation(self) -> Situation:
        """Where the compte stands."""
        return self.compte.situation

    @property
    def report(self) -> Decimal:
        """The balance brought forward, in euros."""
        return self.compte.report


class _ComptePage(EspacePage):
    """A page about the compte client of the space."""

    abstract_screen = True

    def livre(self) -> GrandLivre | None:
        """Return the ledger of this space, its extent, its periods, and the one that the address names."""
        found = None
        if self.espace.compte_client_id is not None:
            found = queries.position(self.actor, self.espace.id)
        if found is None:
            return None
        situation, resume = found
        periodes = grand_livre.periodes(resume.exercices, resume.premier, resume.dernier)
        wanted = grand_livre.choisir(periodes, self.request.GET.get("exercice", ""), self.actor.today)
        report = grand_livre.report(situation.solde, resume.somme)
        compte = queries.Compte(self.espace.agence_id, situation, self.espace.cercles, report)
        return GrandLivre(compte, resume, periodes, wanted)


class Compte(_ComptePage):
    """/e/<espace>/compte"""

    access = Gesture.COMPTE_READ
    template = "espace/compte.html"
    titre = gettext_lazy("Compte")
    actif = "compte"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        livre = self.livre()
        if livre is None:
            return self.render(template="espace/compte_absent.html")
        situation = livre.situation
        avant = cle_lue(request.GET.get("avant", ""))
        lines, charges = self._page(livre, avant)
        shown, more = lines[:PAR_PAGE], len(lines) > PAR_PAGE
        jour = self.actor.today
        return self.render(
            position=situation,
            phrase=phrase_du_solde(situation, jour),
            suite=suite_du_solde(situation, jour),
            jour=jour,
            livre=livre,
            lignes=shown,
            ouverture=_ouverture(shown) if shown and not more else None,
            a_reporter=livre.report != 0 and livre.periodes[-1:] == [livre.periode],
            annees=[
                (p.libelle, self.adresse("compte", {"exercice": p.cle}) + "#ecritures", p == livre.periode)
                for p in livre.periodes
            ],
            suivant=self._suivant(livre, shown) if more else "",
            debut=self.adresse("compte", {"exercice": livre.periode.cle}) if avant and livre.periode else "",
            charges=charges,
            mode=dict(ModeReglement.choices).get(situation.mode_reglement, situation.mode_reglement),
        )

    def _suivant(self, livre: GrandLivre, shown: list[Ecriture]) -> str:
        last = shown[-1]
        periode = livre.periode.cle if livre.periode else ""
        return self.adresse("compte", {"exercice": periode, "avant": cle_ecrite(last.le, last.id)})

    def _page(
        self, livre: GrandLivre, avant: tuple[date, UUID] | None
    ) -> tuple[list[Ecriture], list[tuple[str, Decimal]]]:
        """Return the lines and the bars of the period. A landlord's rents come in: shown by their size, and said."""
        if livre.periode is None:
            return [], []
        lines, found = queries.page(self.actor, livre.compte, livre.periode, avant, PAR_PAGE + 1)
        return lines, [
            (
                libelle if montant > 0 else _("%(libelle)s (en votre faveur)") % {"libelle": libelle},
                abs(montant),
            )
            for libelle, montant in found
        ]


def _ouverture(lines: list[Ecriture]) -> Decimal:
    """Return the balance before the oldest line shown."""
    last = lines[-1]
    return last.cumul - last.debit + last.credit


class _ReleveScreen(_ComptePage):
    """The statement of the whole account, in a form to take away."""

    abstract_screen = True

    def releve(self) -> Releve:
        """Return the statement; raise ``Invisible`` for a space without a compte."""
        livre = self.livre()
        if livre is None:
            raise Invisible
        situation = livre.situation
        lines = queries.ecritures(self.actor, livre.compte, MAX_RELEVE)
        phrase = phrase_du_solde(situation, self.actor.today)
        return Releve(
            agence=self.espace.agence_nom,
            titulaire=self.espace.appel,
            bien=" · ".join(part for part in (self.espace.titre, self.espace.adresse) if part),
            compte=situation.numero,
            phrase=phrase,
            arrete_au=situation.solde_le or self.espace.arrete_au,
            report=livre.report,
            ecritures=lines[::-1],
        )

    def answer(self, content: bytes, mime: str, extension: str) -> HttpResponse:
        """Answer with a file to save."""
        name = _("relevé de compte") + f" {self.espace.titre} {self.actor.today.isoformat()}.{extension}"
        return HttpResponse(
            content,
            content_type=mime,
            headers={"Content-Disposition": disposition(name), "Cache-Control": "private, no-store"},
        )


class ReleveCsv(_ReleveScreen):
    """/e/<espace>/compte/releve.csv"""

    access = Gesture.COMPTE_READ

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        return self.answer(to_csv(self.releve()), "text/csv; charset=utf-8", "csv")


class RelevePdf(_ReleveScreen):
    """/e/<espace>/compte/releve.pdf"""

    access = Gesture.COMPTE_READ

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        return self.answer(to_pdf(self.releve()), "application/pdf", "pdf")
