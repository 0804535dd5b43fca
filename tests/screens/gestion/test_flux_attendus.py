"""Feeds: declared by the administrator, judged by the worker, told to the staff, to the clients and by mail."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from palier.core.action import writing
from palier.echanges.calendrier.actions import judge_lateness
from palier.echanges.calendrier.models import Flux
from palier.echanges.models import Source
from tests.cast import Cast
from tests.courrier.boite import deliver

FORM = {
    "nom": "Export de nuit", "dossier": "nuit", "jours": [1, 2, 3, 4, 5], "heure": "06:00",
    "tolerance_minutes": "120",
}  # fmt: skip
#: Tuesday 24 November 2026, in UTC: an hour before the end of the tolerance, then after it.
AVANT, APRES = (dt.datetime(2026, 11, 24, hour, 30, tzinfo=dt.UTC) for hour in (6, 8))
DECLARE = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def address(name: str, **kwargs: Any) -> str:
    return reverse(f"gestion:{name}", kwargs={"agence": "cabinet-a", **kwargs})


def feeds(cast: Cast) -> list[Flux]:
    actor = cast.system()
    return list(Flux.objects.visible_to(actor).filter(agence_id=actor.agence_id).order_by("nom"))


def a_feed(cast: Cast, **facts: Any) -> Flux:
    cast.system()
    with writing("test"):
        values = {
            "jours": [1, 2, 3, 4, 5, 6, 7],
            "heure": dt.time(6),
            "attendu_depuis": DECLARE,
            "nom": "Nuit",
        }
        flux: Flux = Flux.objects.create(agence_id=cast.a.agence.id, **{**values, **facts})
    return flux


def at(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    monkeypatch.setattr("palier.echanges.calendrier.actions.now", lambda: moment)


def test_an_administrator_declares_changes_and_removes(cast: Cast) -> None:
    client = cast.client("adele")
    assert "Aucun flux attendu" in client.get(address("reglages_flux")).content.decode()
    assert client.post(address("flux_nouveau"), FORM).status_code == 302
    (flux,) = feeds(cast)
    assert (flux.dossier, flux.jours, flux.heure, flux.tolerance_minutes, flux.feries) == (
        "nuit", [1, 2, 3, 4, 5], dt.time(6), 120, False,
    )  # fmt: skip
    assert flux.attendu_depuis is not None
    page = client.get(address("reglages_flux")).content.decode()
    assert "lundi, mardi, mercredi, jeudi, vendredi à 6 h 00" in page
    assert "cabinet-a/nuit/arrivee" in page
    change = address("flux_modifier", flux=flux.id)
    assert 'value="Export de nuit"' in client.get(change).content.decode()
    assert client.post(change, {**FORM, "nom": "Autre", "feries": "on"}).status_code == 302
    assert [(f.nom, f.feries) for f in feeds(cast)] == [("Autre", True)]
    remove = address("flux_retirer", flux=flux.id)
    assert "Retirer le flux" in client.get(remove).content.decode()
    assert client.post(remove).status_code == 302
    assert feeds(cast) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nom": ""}, "Remplissez"),
        ({"dossier": "../x"}, "Minuscules sans accent"),
        ({"heure": ""}, "Donnez l’heure"),
        ({"heure": "25:00"}, "Écrivez une heure"),
        ({"jours": []}, "Cochez les jours"),
        ({"jours": [9]}, "jours de la liste"),
        ({"tolerance_minutes": "-1"}, "Au moins 0"),
        ({"source": "inconnue"}, "source de la liste"),
        ({"dossier": "", "jours": [], "heure": ""}, "un dossier à surveiller, un horaire"),
    ],
)  # fmt: skip
def test_a_wrong_form_says_what_to_do(cast: Cast, change: dict[str, Any], words: str) -> None:
    response = cast.client("adele").post(address("flux_nouveau"), {**FORM, **change})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert feeds(cast) == []


def test_a_folder_is_watched_by_one_feed(cast: Cast) -> None:
    client = cast.client("adele")
    client.post(address("flux_nouveau"), FORM)
    again = client.post(address("flux_nouveau"), {**FORM, "nom": "Autre"})
    assert again.status_code == 422
    assert "surveille déjà" in again.content.decode()


def test_feeds_are_the_administrators_and_of_one_agence(cast: Cast) -> None:
    flux = a_feed(cast)
    for who in ("gaston", "bruno", "charlie", "claire"):
        client = cast.client(who)
        wanted = {403} if who == "gaston" else {404}
        for name, kwargs in (("reglages_flux", {}), ("flux_nouveau", {}), ("flux_modifier", {"flux": flux.id}),
                             ("flux_retirer", {"flux": flux.id})):  # fmt: skip
            assert client.get(address(name, **kwargs)).status_code in wanted, (who, name)
    foreign = reverse("gestion:flux_modifier", kwargs={"agence": "agence-b", "flux": flux.id})
    assert cast.client("bruno").get(foreign).status_code in {403, 404}


def test_late_once_then_back_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source.objects.visible_to(cast.system()).filter(agence_id=cast.a.agence.id).first()
    assert source is not None
    a_feed(cast, source_id=source.id)
    deliver()
    at(monkeypatch, AVANT)
    assert judge_lateness(cast.system()) == 0
    at(monkeypatch, APRES)
    assert [judge_lateness(cast.system()) for _round in range(2)] == [1, 0]
    (mail,) = deliver()
    assert mail.to == [cast.accounts["adele"].email]
    assert "n’est pas arrivé" in mail.subject
    page = cast.client("gaston").get(address("personnes")).content.decode()
    assert "attendu le 24/11/2026 à 6\u202fh\u202f00" in page.replace("\u00a0", "\u202f").replace(
        " h ", "\u202fh\u202f"
    )
    espace = cast.client("claire").get(f"/e/{cast.espace_id('claire')}/").content.decode()
    assert ", en retard" in espace
    cast.system()
    with writing("test"):
        source.importe_le = APRES
        source.save(update_fields=["importe_le"])
    at(monkeypatch, APRES + dt.timedelta(minutes=5))
    assert [judge_lateness(cast.system()) for _round in range(2)] == [1, 0]
    (mail,) = deliver()
    assert "de retour" in mail.subject
    assert "Flux en retard" not in cast.client("gaston").get(address("personnes")).content.decode()
    assert "en retard" not in cast.client("claire").get(f"/e/{cast.espace_id('claire')}/").content.decode()


def test_another_agence_is_not_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_feed(cast)
    at(monkeypatch, APRES)
    assert judge_lateness(cast.system(cast.b)) == 0
    assert judge_lateness(cast.system()) == 1
    page = cast.client("bruno").get(reverse("gestion:accueil", kwargs={"agence": "agence-b"}))
    assert "Flux en retard" not in page.content.decode()


def test_clients_never_see_feeds(cast: Cast) -> None:
    a_feed(cast)
    assert list(Flux.objects.visible_to(cast.actor("claire"))) == []
    cast.actor("claire")
    assert list(Flux.objects.unguarded("a forgotten filter").all()) == []
