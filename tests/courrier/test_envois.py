"""Mails: both forms say the same, nothing is injected, nothing is lost, nothing is kept too long."""

import pytest
from cryptography.exceptions import InvalidTag
from django.core import mail
from django.db import connection, transaction

from palier.courrier import actions
from palier.courrier.chiffre import seal, unseal
from palier.courrier.envois import send_later
from palier.courrier.modeles import MODELES
from palier.courrier.models import Envoi
from tests.courrier.boite import deliver


class Faits(dict[str, str]):
    """Every word that a template may ask for; « X » for those that matter to no test."""

    def __missing__(self, name: str) -> str:
        return "X"


FAITS = Faits(
    lien="http://127.0.0.1:8000/activer",
    agence="Cabinet <A> & Cie",
    nombre="3",
    titres="Appel de fonds\nProcès-verbal",
    arret="http://127.0.0.1:8000/avis/arret/x",
)


@pytest.mark.parametrize("modele", sorted(MODELES))
@pytest.mark.parametrize("langue", ["fr", "en"])
def test_every_mail_has_two_equal_forms(modele: str, langue: str) -> None:
    content = {"modele": modele, "to": "a@courriel.example", "langue": langue, "faits": FAITS}
    message = actions.compose(content)
    html = str(message.alternatives[0][0])
    contenu = MODELES[modele](FAITS)
    assert message.subject and "\n" not in message.subject
    assert FAITS["lien"] in str(message.body) and FAITS["lien"] in html
    assert len(contenu.paragraphes) >= 1 and contenu.raison
    assert html.count("<a href=") == 1
    assert "<A>" not in html
    assert "&lt;" not in str(message.body)


def test_headers_cannot_be_injected() -> None:
    content = {
        "modele": "activation",
        "to": "a@courriel.example\nBcc: b@courriel.example",
        "langue": "fr",
        "faits": FAITS | {"agence": "Agence\r\nBcc: b@courriel.example"},
    }
    message = actions.compose(content)
    assert "\n" not in message.subject + message.to[0] + message.from_email


def test_altered_seal_is_refused() -> None:
    sealed = seal({"to": "a@courriel.example"})
    assert unseal(sealed) == {"to": "a@courriel.example"}
    with pytest.raises(InvalidTag):
        unseal(sealed[:-6] + ("AAAAA=" if not sealed.endswith("AAAAA=") else "BBBBB="))


@pytest.mark.django_db
def test_undone_transaction_sends_nothing() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        send_later("activation", to="a@courriel.example", **FAITS)
        raise RuntimeError
    assert deliver() == []
    assert not Envoi.objects.exists()


@pytest.mark.django_db
def test_queue_and_log_hold_no_address() -> None:
    envoi = send_later("activation", to="secret@courriel.example", **FAITS)
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs")
        assert "secret@courriel.example" not in cursor.fetchone()[0]
    assert "secret" not in envoi.destinataire
    (message,) = deliver()
    assert message.to == ["secret@courriel.example"]
    envoi.refresh_from_db()
    assert envoi.envoye_le is not None


@pytest.mark.django_db
def test_job_run_twice_sends_once() -> None:
    envoi = send_later("activation", to="a@courriel.example", **FAITS)
    charge = seal({"modele": "activation", "to": "a@courriel.example", "langue": "fr", "faits": FAITS})
    actions.deliver(str(envoi.id), charge)
    actions.deliver(str(envoi.id), charge)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_failure_is_logged_and_retried(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_PORT = 1  # type: ignore[attr-defined]
    envoi = send_later("activation", to="a@courriel.example", **FAITS)
    with pytest.raises(OSError):
        deliver()
    envoi.refresh_from_db()
    assert envoi.envoye_le is None and envoi.erreur == "ConnectionRefusedError"


@pytest.mark.django_db
def test_cleaning_erases_what_has_served() -> None:
    actions.clean()
