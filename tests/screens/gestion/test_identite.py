"""Branding and contact points: what the administrator shows, what a client sees, what a bad file gets."""

import struct
import zlib
from email.header import decode_header, make_header

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from palier.acces.lettres import letters_pdf
from palier.agences.actions_identite import save_point, set_logo, set_sender
from palier.agences.logo import redraw
from palier.agences.models import Agence, PointContact
from palier.core.errors import BusinessError, Forbidden, Invisible
from palier.courrier.actions import compose
from palier.patrimoine.models import Copropriete
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def png(width: int, height: int, extra: bytes = b"") -> bytes:
    """Return a plain PNG, with ``extra`` as a text chunk."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(b"".join(b"\0" + b"\x20\x60\x80" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    text = chunk(b"tEXt", b"Comment\0" + extra) if extra else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + text + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_logo_is_drawn_again_within_its_frame() -> None:
    drawn = redraw(png(960, 200, b"<script>alert(1)</script>"))
    assert drawn.startswith(b"\x89PNG") and b"<script>" not in drawn
    assert struct.unpack(">II", drawn[16:24]) == (480, 100)
    assert struct.unpack(">II", redraw(png(40, 20))[16:24]) == (40, 20)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo_genre"),
        (b"", "logo_genre"),
        (png(30, 30)[:60], "logo_illisible"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + struct.pack(">II", 60000, 60000), "logo_dimensions"),
        (b"\xff\xd8\xff\xe0", "logo_dimensions"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 200_001, "logo_lourd"),
    ],
)
def test_a_bad_logo_is_refused_with_words(content: bytes, code: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        redraw(content)
    assert refusal.value.code == code


def test_the_page_of_the_logo_and_where_it_shows(cast: Cast) -> None:
    client, address = cast.client("adele"), "/g/cabinet-a/reglages/identite"
    assert cast.client("anonyme").get("/agence/cabinet-a/logo.png").status_code == 404
    bad = client.post(address, {"acte": "logo", "logo": SimpleUploadedFile("x.png", b"rien")})
    assert bad.status_code == 400 or bad.status_code == 422
    assert "ni un PNG" in bad.content.decode()
    assert client.post(address, {"acte": "logo"}).status_code in (400, 422)
    assert (
        client.post(address, {"acte": "logo", "logo": SimpleUploadedFile("x.png", png(60, 20))}).status_code
        == 302
    )
    public = cast.client("anonyme").get("/agence/cabinet-a/logo.png")
    assert public["Content-Type"] == "image/png" and public["X-Content-Type-Options"] == "nosniff"
    assert "/agence/cabinet-a/logo.png" in client.get("/g/cabinet-a/").content.decode()
    page = cast.client("claire").get(f"/e/{cast.espace_id('claire')}/").content.decode()
    assert "/agence/cabinet-a/logo.png" in page
    agence = Agence.objects.get(slug="cabinet-a")
    assert letters_pdf(cast.staff("adele"), agence, []).startswith(b"%PDF")
    client.post(address, {"acte": "retirer"})
    assert cast.client("anonyme").get("/agence/cabinet-a/logo.png").status_code == 404


def test_the_mails_bear_the_sender_and_carry_the_logo(cast: Cast) -> None:
    set_logo(cast.staff("adele"), png(60, 20))
    set_sender(cast.staff("adele"), "Cabinet A, service clients")
    faits = {"agence": "Cabinet A", "telephone": "", "titulaire": "Mme Lefèvre", "lien": "x", "quand": "x"}
    message = compose({"modele": "acces_rattache", "to": "claire@courriel.example", "langue": "fr",
                       "faits": faits, "agence_id": str(cast.a.agence.id)})  # fmt: skip
    assert str(make_header(decode_header(message.from_email))).startswith("Cabinet A, service clients · ")
    parts = message.message().as_string()
    assert "Content-ID: <logo>" in parts and "cid:logo" in parts
    for name in ("Moi <voleur@courriel.example>", 'un "nom"'):
        with pytest.raises(BusinessError):
            set_sender(cast.staff("adele"), name)
    with pytest.raises(Forbidden):
        set_sender(cast.staff("gaston"), "Autre")


def test_contact_points_reach_the_clients_of_their_building(cast: Cast) -> None:
    client, address = cast.client("adele"), "/g/cabinet-a/reglages/contacts"
    facts = {
        "nom": "Accueil",
        "fonction": "Standard",
        "telephone": "05 61 00 00 01",
        "email": "",
        "horaires": "9 h à 12 h",
    }
    assert client.post(address, {**facts, "unite": ""}).status_code == 302
    copro = cast.rows["copropriete"].id
    assert client.post(address, {**facts, "nom": "Camille Roy", "unite": str(copro)}).status_code == 302
    assert client.post(address, {**facts, "telephone": ""}).status_code in (400, 422)
    assert client.post(address, {**facts, "email": "pas une adresse"}).status_code == 422
    other = Copropriete.objects.visible_to(cast.system(cast.b)).get().id
    assert client.post(address, {**facts, "unite": str(other)}).status_code == 422
    with pytest.raises(Invisible):
        save_point(
            cast.staff("adele"),
            None,
            nom="x",
            fonction="",
            telephone="1",
            email="",
            horaires="",
            unite_id=other,
        )
    claire = cast.client("claire").get(f"/e/{cast.espace_id('claire')}/").content.decode()
    assert "Camille Roy" in claire and "Accueil" in claire and "9 h à 12 h" in claire
    leo = cast.client("leo").get(f"/e/{cast.espace_id('leo')}/").content.decode()
    assert "Camille Roy" not in leo and "Standard" in leo
    charlie = cast.client("charlie").get(f"/e/{cast.espace_id('charlie')}/").content.decode()
    assert "Standard" not in charlie
    point = PointContact.objects.visible_to(cast.staff("adele")).get(nom="Camille Roy")
    assert "Camille Roy" in client.get(f"{address}/{point.id}").content.decode()
    assert (
        client.post(f"{address}/{point.id}", {**facts, "nom": "Camille R.", "unite": ""}).status_code == 302
    )
    assert client.get(f"{address}/{point.id}/retirer").status_code == 200
    assert client.post(f"{address}/{point.id}/retirer").status_code == 302
    assert client.post(f"{address}/{point.id}/retirer").status_code == 404
    for name, expected in (("gaston", 403), ("bruno", 404), ("charlie", 404)):
        assert cast.client(name).get(address).status_code == expected


def test_the_law_bounds_how_long_former_states_are_kept(cast: Cast) -> None:
    client = cast.client("adele")
    facts = {"telephone": "", "email": "", "adresse": "", "validite_code_jours": "30", "avis_delai_heures": "4",
             "retours_mois": "60", "couleur": "#3a5a78"}  # fmt: skip
    for days, expected in (("29", 422), ("91", 422), ("45", 302)):
        answer = client.post("/g/cabinet-a/reglages", {**facts, "versions_jours": days})
        assert answer.status_code == expected, days
    assert Agence.objects.get(slug="cabinet-a").versions_jours == 45
    for months, expected in (("11", 422), ("61", 422), ("24", 302)):
        answer = client.post(
            "/g/cabinet-a/reglages", {**facts, "versions_jours": "45", "retours_mois": months}
        )
        assert answer.status_code == expected, months
    assert Agence.objects.get(slug="cabinet-a").retours_mois == 24
