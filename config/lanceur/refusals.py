"""What production refuses to start with: pure functions, one French sentence per problem."""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

HOW = "générez-le par : python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
HOW_HEX = "générez-la par : python3 -c 'import secrets; print(secrets.token_hex(32))'"
KEY_LENGTH = 50
PEPPER_LENGTH = 32
# Shannon's measure over the symbols present: a drawn secret of 32 symbols has well over 3 bits a symbol.
BITS_PER_SYMBOL = 3.0
KNOWN = ("developpement", "django-insecure", "changeme", "change-me", "secret", "palier", "xxxx")
# What a hand types along a keyboard or an alphabet; a drawn secret holds one of these once in a million.
RUNS = ("azerty", "qwerty", "qsdfgh", "asdfgh", "wxcvbn", "zxcvbn", "abcdef", "012345", "123456", "987654")


def is_weak(value: str, least: int) -> bool:
    """Tell whether a secret is short, repetitive, typed in order, or one of those that documentation shows."""
    lowered = value.lower()
    if len(value) < least or lowered.startswith(KNOWN) or any(run in lowered for run in RUNS):
        return True
    return _bits(value) < BITS_PER_SYMBOL or _is_patterned(value.encode())


def _bits(symbols: Sequence[Hashable]) -> float:
    """Return Shannon's measure, in bits a symbol."""
    counts = Counter(symbols)
    return -sum(n / len(symbols) * math.log2(n / len(symbols)) for n in counts.values())


def _is_patterned(value: bytes) -> bool:
    """Tell whether bytes repeat a part of themselves, or step regularly from one to the next."""
    if value in (value + value)[1:-1]:  # a whole number of times the same part
        return True
    steps = [(after - before) % 256 for before, after in pairwise(value)]
    return _bits(steps) < BITS_PER_SYMBOL


def of_environment(env: Mapping[str, str]) -> list[str]:
    """Return why this environment is refused; empty when it may serve."""
    found = [*_secrets(env), *_keys(env), *_addresses(env)]
    if (env.get("PALIER_DEBUG") or "0").strip().lower() not in {"0", "false", "non", "no"}:
        found.append("PALIER_DEBUG est allumé : le mode de mise au point montre ses entrailles, éteignez-le.")
    if (env.get("PALIER_CROCHETS_LOCAUX") or "0").strip().lower() not in {"0", "false", "non", "no"}:
        found.append(
            "PALIER_CROCHETS_LOCAUX est allumé : un webhook pourrait viser cette machine même ; c'est pour les essais."
        )
    if env.get("PALIER_MODE", "production") != "production":
        found.append(f"PALIER_MODE vaut « {env['PALIER_MODE']} » : en service, c'est « production ».")
    return found


def _secrets(env: Mapping[str, str]) -> list[str]:
    found = []
    for name, least in (("PALIER_SECRET_KEY", KEY_LENGTH), ("PALIER_PEPPER", PEPPER_LENGTH)):
        value = env.get(name, "")
        if not value:
            found.append(f"{name} manque : {HOW}.")
        elif is_weak(value, least):
            found.append(f"{name} est trop faible (au moins {least} caractères tirés au hasard) : {HOW}.")
    names = (
        "PALIER_SECRET_KEY", "PALIER_PEPPER", "PALIER_VAULT_KEY", "PALIER_SAUVEGARDE_KEY", "PALIER_CERTIFICAT_KEY",
    )  # fmt: skip
    given = {name: env[name] for name in names if env.get(name)}
    if len(set(given.values())) < len(given):
        found.append(f"{', '.join(given)} doivent être des secrets différents.")
    return found


def _keys(env: Mapping[str, str]) -> list[str]:
    if not env.get("PALIER_VAULT_KEY"):
        return [
            f"PALIER_VAULT_KEY manque : {HOW_HEX}, et gardez-en une copie ailleurs (sans elle, plus de fichiers)."
        ]
    # The two others are derived from the vault's when they are not given.
    names = ("PALIER_VAULT_KEY", "PALIER_SAUVEGARDE_KEY", "PALIER_CERTIFICAT_KEY")
    return [fault for name in names if env.get(name) and (fault := _key_fault(name, env[name]))]


def _key_fault(name: str, value: str) -> str:
    try:
        raw = bytes.fromhex(value)
    except ValueError:
        return f"{name} n'est pas de l'hexadécimal : {HOW_HEX}."
    if len(raw) != 32:
        return f"{name} compte {len(raw)} octets, il en faut 32 : {HOW_HEX}."
    if len(set(raw)) < 16 or _is_patterned(raw):
        return f"{name} se répète ou se suit : ce n'est pas une clé tirée au hasard, {HOW_HEX}."
    return ""


def _addresses(env: Mapping[str, str]) -> list[str]:
    found = []
    site = urlsplit(env.get("PALIER_URL", ""))
    if not env.get("PALIER_URL"):
        found.append(
            "PALIER_URL manque : l'adresse publique du portail, par exemple https://portail.exemple.fr."
        )
    elif site.scheme != "https" or not site.hostname:
        found.append("PALIER_URL doit commencer par https:// : les mots de passe ne passent pas en clair.")
    hosts = [host.strip() for host in env.get("PALIER_HOSTS", "").split(",") if host.strip()]
    if not hosts:
        found.append("PALIER_HOSTS manque : le nom de domaine du portail, par exemple portail.exemple.fr.")
    elif any(host == "*" or not host.strip(".*") for host in hosts):
        found.append("PALIER_HOSTS accepte n'importe quel nom (« * ») : écrivez les noms du portail.")
    elif site.hostname and not any(_covers(host, site.hostname) for host in hosts):
        found.append(f"PALIER_HOSTS ne contient pas {site.hostname}, l'adresse de PALIER_URL.")
    return found


def _covers(host: str, name: str) -> bool:
    return name == host or (host.startswith(".") and (name == host[1:] or name.endswith(host)))
