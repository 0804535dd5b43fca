"""/healthz lives without a database; /readyz names what is missing, and tells no secret."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from palier.core.models import Battement
from palier.screens.machine import health

READY = {"etat": "pret", "base": True, "migrations": True, "fichiers": True, "taches": True}


def beat(age: timedelta) -> None:
    Battement.objects.update_or_create(nom="worker", defaults={"le": timezone.now() - age})


@pytest.mark.django_db
def test_healthz_asks_the_database_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"etat": "vivant"})


@pytest.mark.django_db
def test_readyz_all_well(client: Client) -> None:
    beat(timedelta(minutes=2))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, READY)


@pytest.mark.django_db
def test_readyz_silent_worker(client: Client) -> None:
    beat(timedelta(minutes=4))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {**READY, "etat": "indisponible", "taches": False})


@pytest.mark.django_db
def test_readyz_pending_migration(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat(timedelta())
    monkeypatch.setattr(health, "_known_migrations", lambda: frozenset({("core", "9999_future")}))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, False)


@pytest.mark.django_db
def test_readyz_failure_tells_no_detail(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bool:
        raise RuntimeError("mot de passe de la base")

    monkeypatch.setitem(health.CHECKS, "base", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"mot de passe" not in answer.content


def test_storage_unwritable_folder_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert health.storage_usable() is False


@pytest.mark.django_db
def test_readyz_is_cheap(client: Client, django_assert_max_num_queries: Any) -> None:
    beat(timedelta())
    client.get("/readyz")
    with django_assert_max_num_queries(3):
        client.get("/readyz")
