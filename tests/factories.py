"""Small builders of rows, without surprise: what you do not say is the plainest value."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from palier.acces.models import Acces, Cercle
from palier.accounts.models import Account
from palier.agences.models import Agence, CleAgence, Habilitation
from palier.comptabilite.models import Echeance, EcheanceLigne, Mouvement
from palier.core import vault
from palier.core.dates import now
from palier.core.ids import keyed_id, new_id
from palier.echanges.models import Source
from palier.ged.models import Document, Fichier
from palier.patrimoine import models as p

PASSWORD = "un palier bien tranquille"
JOUR = date(2026, 11, 23)


def pdf(text: str) -> bytes:
    """Return a valid one-page PDF that shows ``text`` (Latin-1)."""
    safe = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    stream = f"BT /F1 14 Tf 50 780 Td ({safe}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


@cache
def _hashed() -> str:
    """``PASSWORD`` hashed once for all: a cast has fourteen accounts, and a hash is slow on purpose."""
    return make_password(PASSWORD)


def make_account(email: str, *, exploitant: bool = False) -> Account:
    """Create an account whose e-mail is verified and whose password is ``PASSWORD``."""
    from allauth.account.models import EmailAddress

    account = Account.objects.create(email=email.lower(), password=_hashed(), is_exploitant=exploitant)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


@dataclass
class Maison:
    """Builds the rows of one agence; call its methods inside ``acting_as(system)`` and ``writing``."""

    agence: Agence
    key: vault.AgenceKey
    source_id: UUID
    numero: int = field(default=0)

    def _imported(self, table: str, reference: str, unite_id: UUID | None = None) -> dict[str, Any]:
        return {
            "agence_id": self.agence.id,
            "id": keyed_id(self.key.salt, str(self.source_id), table, reference),
            "source_id": self.source_id,
            "reference": reference,
            "unite_id": unite_id or self.agence.id,
            "empreinte": keyed_id(b"empreinte", table, reference),
        }

    def _ref(self, prefix: str) -> str:
        self.numero += 1
        return f"{prefix}{self.numero}"

    def cercle(self, genre: str, objet_id: UUID) -> UUID:
        """Return the id of a cercle, created when absent."""
        cercle_id = keyed_id(self.key.salt, "cercle", genre, str(objet_id))
        if not Cercle.objects.unguarded("fixtures").filter(agence_id=self.agence.id, id=cercle_id).exists():
            Cercle.objects.create(agence_id=self.agence.id, id=cercle_id, genre=genre, objet_id=objet_id)
        return cercle_id

    def tiers(self, civilite: str, prenom: str, nom: str, email: str = "") -> p.Tiers:
        return p.Tiers.objects.create(
            **self._imported("tiers", self._ref("T")),
            nature="PP",
            civilite=civilite,
            prenom=prenom,
            nom=nom,
            email=email,
        )

    def copropriete(self, nom: str) -> p.Copropriete:
        facts = self._imported("coproprietes", self._ref("C"))
        facts["unite_id"] = facts["id"]
        cercle = self.cercle("coproprietaires", facts["id"])
        self.cercle("conseil", facts["id"])
        return p.Copropriete.objects.create(
            **facts, cercle_id=cercle, nom=nom, immatriculation_rnc="AA0000042"
        )

    def immeuble(self, copropriete: p.Copropriete | None, voie: str, numero: str = "12") -> p.Immeuble:
        facts = self._imported("immeubles", self._ref("I"), copropriete.id if copropriete else None)
        return p.Immeuble.objects.create(
            **facts,
            cercle_id=self.cercle("occupants", facts["id"]),
            numero=numero,
            voie=voie,
            code_postal="31000",
            commune="Toulouse",
            copropriete_id=copropriete.id if copropriete else None,
        )

    def lot(self, immeuble: p.Immeuble, numero: str, type_: str = "appartement") -> p.Lot:
        return p.Lot.objects.create(
            **self._imported("lots", self._ref("L"), immeuble.unite_id),
            cercle_id=immeuble.cercle_id,
            immeuble_id=immeuble.id,
            copropriete_id=immeuble.copropriete_id,
            numero=numero,
            type=type_,
        )

    def compte(
        self, role: str, intitule: str, copropriete: p.Copropriete | None = None, solde: str = "0.00"
    ) -> p.CompteClient:
        facts = self._imported("comptes", self._ref("A"), copropriete.id if copropriete else None)
        return p.CompteClient.objects.create(
            **facts,
            cercle_id=self.cercle("compte", facts["id"]),
            role=role,
            numero=facts["reference"],
            intitule=intitule,
            copropriete_id=copropriete.id if copropriete else None,
            solde=Decimal(solde),
            solde_le=JOUR,
        )

    def titre(
        self,
        compte: p.CompteClient,
        tiers: p.Tiers,
        qualite: str = "titulaire",
        debut: date | None = None,
        fin: date | None = None,
        acces: bool = True,
    ) -> p.CompteTiers:
        return p.CompteTiers.objects.create(
            **self._imported(
                "comptes_tiers", f"{compte.reference}|{tiers.reference}|{debut or ''}", compte.unite_id
            ),
            cercle_id=compte.cercle_id,
            compte_client_id=compte.id,
            tiers_id=tiers.id,
            qualite=qualite,
            debut=debut,
            fin=fin,
            acces=acces,
        )

    def detention(
        self, lot: p.Lot, compte: p.CompteClient, debut: date, fin: date | None = None
    ) -> p.Detention:
        return p.Detention.objects.create(
            **self._imported("detentions", f"{lot.reference}|{compte.reference}|{debut}", compte.unite_id),
            cercle_id=compte.cercle_id,
            lot_id=lot.id,
            compte_client_id=compte.id,
            debut=debut,
            fin=fin,
        )

    def conseil(
        self, copropriete: p.Copropriete, tiers: p.Tiers, fonction: str, debut: date, fin: date | None
    ) -> p.MandatConseil:
        return p.MandatConseil.objects.create(
            **self._imported(
                "conseil_syndical", f"{copropriete.reference}|{tiers.reference}|{debut}", copropriete.id
            ),
            cercle_id=copropriete.cercle_id,
            copropriete_id=copropriete.id,
            tiers_id=tiers.id,
            fonction=fonction,
            debut=debut,
            fin=fin,
        )

    def mandat(
        self, compte: p.CompteClient, lot: p.Lot, debut: date, fin: date | None = None
    ) -> p.MandatGerance:
        facts = self._imported("mandats", self._ref("M"))
        facts["unite_id"] = facts["id"]
        mandat = p.MandatGerance.objects.create(
            **facts,
            cercle_id=self.cercle("mandat", facts["id"]),
            numero=facts["reference"],
            compte_client_id=compte.id,
            debut=debut,
            fin=fin,
        )
        p.MandatLot.objects.create(
            **self._imported("mandats_lots", f"{mandat.reference}|{lot.reference}", mandat.id),
            cercle_id=mandat.cercle_id,
            mandat_gerance_id=mandat.id,
            lot_id=lot.id,
            debut=debut,
            fin=fin,
        )
        return mandat

    def bail(
        self,
        compte: p.CompteClient,
        lot: p.Lot,
        mandat: p.MandatGerance | None,
        debut: date,
        sortie: date | None = None,
    ) -> p.Bail:
        facts = self._imported("baux", self._ref("B"), mandat.id if mandat else None)
        mandat_cercle = mandat.cercle_id if mandat else None
        bail = p.Bail.objects.create(
            **facts,
            cercle_id=self.cercle("bail", facts["id"]),
            mandat_cercle_id=mandat_cercle,
            mandat_gerance_id=mandat.id if mandat else None,
            numero=facts["reference"],
            compte_client_id=compte.id,
            debut=debut,
            sortie_le=sortie,
            loyer=Decimal("720.00"),
            provision_charges=Decimal("60.00"),
        )
        p.BailLot.objects.create(
            **self._imported("baux_lots", f"{bail.reference}|{lot.reference}", bail.unite_id),
            cercle_id=bail.cercle_id,
            mandat_cercle_id=mandat_cercle,
            bail_id=bail.id,
            lot_id=lot.id,
        )
        return bail

    def document(
        self,
        titre: str,
        cercle_id: UUID,
        le: date = date(2026, 10, 1),
        *,
        categorie: str = "autre",
        portee: str = "copropriete",
        audience: str = "coproprietaires",
        content: bytes | None = None,
        **facts: Any,
    ) -> Document:
        content = content if content is not None else pdf(titre)
        sha256, adresse, octets = vault.store(self.key, content)
        fichier = (
            Fichier.objects.unguarded("fixtures").filter(agence_id=self.agence.id, sha256=sha256).first()
        )
        if fichier is None:
            fichier = Fichier.objects.create(
                agence_id=self.agence.id,
                sha256=sha256,
                octets=octets,
                mime="application/pdf",
                adresse=adresse,
            )
        return Document.objects.create(
            **self._imported("documents", self._ref("D")),
            cercle_id=cercle_id,
            fichier_id=fichier.id,
            titre=titre,
            categorie=categorie,
            le=le,
            portee=portee,
            audience=audience,
            recu_le=now(),
            **facts,
        )

    def echeance(
        self,
        compte: p.CompteClient,
        libelle: str,
        montant: str,
        le: date,
        *,
        regle: str | None = None,
        exigible: date | None = None,
        type_: str = "appel_provision",
        lignes: tuple[tuple[str, str], ...] = (),
    ) -> Echeance:
        echeance = Echeance.objects.create(
            **self._imported("echeances", self._ref("E"), compte.unite_id),
            cercle_id=compte.cercle_id,
            compte_client_id=compte.id,
            type=type_,
            libelle=libelle,
            emise_le=le,
            exigible_le=exigible or le,
            le=le,
            montant=Decimal(montant),
            regle=Decimal(regle) if regle is not None else None,
        )
        for rang, (label, amount) in enumerate(lignes, 1):
            EcheanceLigne.objects.create(
                **self._imported("echeances_lignes", f"{echeance.reference}|{rang}", compte.unite_id),
                cercle_id=compte.cercle_id,
                echeance_id=echeance.id,
                rang=rang,
                nature="provision",
                libelle=label,
                montant=Decimal(amount),
                le=le,
            )
        return echeance

    def mouvement(
        self, compte: p.CompteClient, libelle: str, le: date, *, debit: str = "0.00", credit: str = "0.00"
    ) -> Mouvement:
        return Mouvement.objects.create(
            **self._imported("mouvements", self._ref("MV"), compte.unite_id),
            cercle_id=compte.cercle_id,
            compte_client_id=compte.id,
            le=le,
            libelle=libelle,
            debit=Decimal(debit),
            credit=Decimal(credit),
        )

    def attach(self, tiers: p.Tiers, account: Account) -> Acces:
        """Attach the accès of ``tiers`` to ``account`` (droits must have been recomputed)."""
        acces: Acces = Acces.objects.unguarded("fixtures").get(agence_id=self.agence.id, tiers_id=tiers.id)
        acces.account_id, acces.rattache_le = account.pk, now()
        acces.save()
        return acces

    def staff(self, account: Account, nom: str, role: str) -> Habilitation:
        return Habilitation.objects.create(
            agence_id=self.agence.id, account_id=account.pk, nom=nom, role=role
        )


def make_agence(slug: str, nom: str, couleur: str = "#3a5a78") -> Maison:
    """Create an agence with its key, its internal cercle and a source; opens the system actor for it."""
    from palier.core.actor import Actor
    from palier.core.tenancy import open_actor

    agence = Agence(
        slug=slug, nom=nom, telephone="05 00 00 00 01", email=f"contact@{slug}.example", couleur=couleur
    )
    agence.save()
    open_actor(Actor.system(agence.id, "fixtures"))
    wrapped, salt = vault.wrap_new_key(agence.id)
    CleAgence.objects.create(agence_id=agence.id, id=new_id(), cle_enveloppee=wrapped, sel=salt)
    source = Source.objects.create(agence_id=agence.id, logiciel="demo", base="principale", arrete_au=JOUR)
    maison = Maison(agence, vault.unwrap_key(agence.id, wrapped, salt), source.id)
    maison.cercle("interne", agence.id)
    return maison


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
