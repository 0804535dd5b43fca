"""Who holds which lot: single owners, couples, indivisions, dismembered ownership, SCI; sales; council."""

from datetime import date, timedelta
from random import Random

from .copropriete import PRINCIPAUX, Copropriete, Detention, Lot, previous_day
from .parts import cents, euros
from .personnes import Annuaire
from .registre import Chantier, Compte, Tiers, Titulaire
from .resume import Role
from .temps import add_months
from .vocabulaire import NOMS, SOCIETES

COMPORTEMENTS = (
    ("prelevement",) * 36 + ("ponctuel",) * 36 + ("tardif",) * 14 + ("debiteur",) * 7 + ("crediteur",) * 7
)
# The first lots take each form of ownership once, so that every copropriété shows them all.
FORMES = ("couple", "seul", "indivision", "seul", "demembrement", "sci", "couple", "seul")


class Occupation:
    """Fills one copropriété with comptes; `roles` are the key persons to place in it, in order."""

    def __init__(self, chantier: Chantier, annuaire: Annuaire, copro: Copropriete, roles: list[Role]) -> None:
        self.chantier, self.annuaire, self.copro = chantier, annuaire, copro
        self.rng: Random = chantier.random(f"occupation/{copro.id}")
        self.roles = roles
        self.rang = 0

    def fill(self) -> None:
        """Assign every lot, then sell some of them, then elect the council."""
        principaux = [lot for lot in self.copro.lots if lot.type in PRINCIPAUX]
        annexes = [lot for lot in self.copro.lots if lot.type not in PRINCIPAUX]
        actuels: list[Compte] = []
        # Annexes and further lots go to old holders only: their lots had no other holder in our history.
        anciens: list[Compte] = []
        for rang, lot in enumerate(principaux):
            if rang > 12 and self.rng.random() < 0.07:
                compte = self.rng.choice(anciens)
                self._hold(lot, compte, self._first_day(compte), None)
                continue
            compte = self._owner(rang, lot)
            actuels.append(compte)
            if self._first_day(compte).year < self.chantier.reference.year - 4:
                anciens.append(compte)
        for rang, lot in enumerate(annexes):
            compte = anciens[rang % len(anciens)]
            self._hold(lot, compte, self._first_day(compte), None)
        self._elect(actuels)

    def _owner(self, rang: int, lot: Lot) -> Compte:
        role = self.roles.pop(0) if self.roles and rang >= 1 and lot.type == "appartement" else None
        ancien = role is not None and role.capacite == "ancien_coproprietaire"
        vendu = ancien or (role is None and rang > 3 and self.rng.random() < 0.09)
        entree = date(self.rng.randint(2004, self.chantier.reference.year - 5), self.rng.randint(1, 12), 1)
        if not vendu:
            return self._account(lot, self._holders(rang, lot, role, entree), entree, None, role)
        vente = add_months(self.chantier.reference, -8 if ancien else -self.rng.randint(3, 26)).replace(
            day=15
        )
        titulaires = self._holders(rang, lot, role, entree, previous_day(vente))
        self._account(lot, titulaires, entree, previous_day(vente), role)
        return self._account(lot, self._holders(rang + 1, lot, None, vente), vente, None, None)

    def _account(
        self, lot: Lot, titulaires: list[Titulaire], debut: date, fin: date | None, role: Role | None
    ) -> Compte:
        self.rang += 1
        comportement = self.rng.choice(COMPORTEMENTS)
        if role is not None:
            voulus = {"coproprietaire_locataire": "tardif", "deux_agences": "crediteur"}
            comportement = voulus.get(role.capacite, "ponctuel")
        compte = Compte(
            id=f"{self.copro.id}-450{self.rang:03d}",
            role="coproprietaire",
            numero=f"450{self.rang:03d}",
            titulaires=titulaires,
            comportement=comportement if fin is None else "ponctuel",
            copropriete_id=self.copro.id,
            clos_le=fin,
        )
        if compte.comportement == "debiteur":
            compte.debiteur_depuis = add_months(self.chantier.reference, -self.rng.randint(4, 15))
        self.chantier.comptes[compte.id] = compte
        if role is not None:
            self.chantier.remember(role.capacite, titulaires[0].tiers, compte)
        elif fin is None:
            self._remember_form(compte)
        self._hold(lot, compte, debut, fin)
        return compte

    def _remember_form(self, compte: Compte) -> None:
        """Note the first example of each form of ownership."""
        for titulaire in compte.titulaires:
            if titulaire.qualite in ("indivisaire", "usufruitier", "nu_proprietaire", "representant"):
                capacite = "representant_sci" if titulaire.qualite == "representant" else titulaire.qualite
                if titulaire.tiers.email and capacite not in self.chantier.cles:
                    self.chantier.remember(capacite, titulaire.tiers, compte)

    def _holders(
        self, rang: int, lot: Lot, role: Role | None, debut: date, fin: date | None = None
    ) -> list[Titulaire]:
        if role is not None:
            return [Titulaire(self.annuaire.role(role, self._home(lot)), "titulaire", None, debut, fin)]
        forme = (
            FORMES[rang]
            if rang < len(FORMES)
            else self.rng.choice(("seul",) * 11 + ("couple",) * 6 + FORMES[2:6])
        )
        adresse = self._home(lot) if self.rng.random() < 0.6 else self.annuaire.address()
        if forme == "sci":
            return self._sci(debut, fin)
        nom = self.rng.choice(NOMS)
        personne = self.annuaire.person(nom, adresse)
        if forme == "couple":
            # One couple in six shares one e-mail: a related pair, that the import must not take for a fault.
            courriel = personne.email if personne.email and self.rng.random() < 0.17 else None
            conjoint = self.annuaire.person(nom, adresse, courriel, femme=personne.civilite == "M.")
            return self._shared([(personne, "titulaire", 50), (conjoint, "cotitulaire", 50)], debut, fin)
        if forme == "indivision":
            freres = [self.annuaire.person(nom) for _ in range(2)]
            parts = [(personne, "indivisaire", 50)] + [(t, "indivisaire", 25) for t in freres]
            return self._shared(parts, debut, fin)
        if forme == "demembrement":
            enfants = [self.annuaire.person(nom) for _ in range(2)]
            parts = [(personne, "usufruitier", 0)] + [(t, "nu_proprietaire", 50) for t in enfants]
            return self._shared(parts, debut, fin)
        return [Titulaire(personne, "titulaire", None, debut, fin)]

    def _shared(self, parts: list[tuple[Tiers, str, int]], debut: date, fin: date | None) -> list[Titulaire]:
        return [Titulaire(t, q, cents(p) if p else None, debut, fin) for t, q, p in parts]

    def _sci(self, debut: date, fin: date | None) -> list[Titulaire]:
        gerant = self.annuaire.person()
        societe = self.annuaire.company(f"{self.rng.choice(SOCIETES)} {self.copro.profil.code.lstrip('0')}")
        return [
            Titulaire(societe, "titulaire", euros(1), debut, fin, acces=False),
            Titulaire(gerant, "representant", None, debut, fin),
        ]

    def _home(self, lot: Lot) -> tuple[str, str, str, str]:
        batiment = self.copro.profil.batiments[ord(lot.batiment) - ord("A")]
        profil = self.chantier.profil
        complement = f"Bâtiment {lot.batiment}, {lot.type} {lot.numero}"
        return f"{batiment.numero} {batiment.voie}", complement, profil.code_postal, profil.ville

    def _first_day(self, compte: Compte) -> date:
        return next(d.debut for d in self.copro.detentions if d.compte is compte)

    def _hold(self, lot: Lot, compte: Compte, debut: date, fin: date | None) -> None:
        self.copro.detentions.append(Detention(lot, compte, debut, fin))
        self.chantier.dossier.add("detentions", lot_id=lot.id, compte_id=compte.id, debut=debut, fin=fin)

    def _elect(self, actuels: list[Compte]) -> None:
        """President, members, a spouse who holds no compte, and a member whose term is over."""
        reference = self.chantier.reference
        debut, fin = date(reference.year - 1, 5, 20), date(reference.year + 2, 5, 19)
        cle = self.chantier.cles.get("president_conseil")
        president = next((c for c in actuels if cle and c.titulaire is cle[0]), actuels[0])
        autres = [c for c in actuels if c is not president and c.titulaire.nature == "PP"]
        membres = autres[1 : 1 + max(1, min(4, len(autres) // 3))]
        elus = [(president.titulaire, "president", debut, fin)]
        elus += [(c.titulaire, "membre", debut, fin) for c in membres]
        conjoint = self.annuaire.person(president.titulaire.nom, president.titulaire.adresse)
        elus.append((conjoint, "suppleant", debut, fin))
        elus.append((autres[-1].titulaire, "membre", debut - timedelta(days=1095), debut - timedelta(days=1)))
        self.copro.conseil = elus
        for tiers, fonction, du, au in elus:
            self.chantier.dossier.add(
                "conseil_syndical",
                copropriete_id=self.copro.id,
                tiers_id=tiers.id,
                fonction=fonction,
                debut=du,
                fin=au,
            )
        self.chantier.remember("conseiller_sans_compte", conjoint)
        self.chantier.remember("ancien_conseiller", autres[-1].titulaire, autres[-1])
        if membres:
            self.chantier.remember("membre_conseil", membres[0].titulaire, membres[0])
