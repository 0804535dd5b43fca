"""Readers of environment variables raise rather than guess."""

import pytest

from config import env


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PALIER_ESSAI", raising=False)


def test_text_absent_without_default_raises() -> None:
    with pytest.raises(env.SettingError, match="PALIER_ESSAI"):
        env.text("PALIER_ESSAI")


@pytest.mark.parametrize(
    ("written", "read"), [("1", True), ("Oui", True), ("0", False), ("non", False), ("", True)]
)
def test_flag_reads_yes_and_no(monkeypatch: pytest.MonkeyPatch, written: str, read: bool) -> None:
    monkeypatch.setenv("PALIER_ESSAI", written)
    assert env.flag("PALIER_ESSAI", True) is read


@pytest.mark.parametrize("written", ["peut-être", "2", "on"])
def test_flag_anything_else_raises(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("PALIER_ESSAI", written)
    with pytest.raises(env.SettingError):
        env.flag("PALIER_ESSAI", False)


@pytest.mark.parametrize("written", ["x", "1.5", "-1"])
def test_integer_out_of_range_raises(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("PALIER_ESSAI", written)
    with pytest.raises(env.SettingError):
        env.integer("PALIER_ESSAI", 3)


def test_words_trims_and_drops_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALIER_ESSAI", " a, ,b ,")
    assert env.words("PALIER_ESSAI") == ["a", "b"]
