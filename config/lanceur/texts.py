"""What the launcher says: its help, and how it speaks (French, on the standard error stream)."""

import sys

HELP = """\
Palier : le portail des copropriétaires, bailleurs et locataires.

  ./run demo   [--port 8000] [--data DOSSIER] [--reset]
               Tout en une commande : base embarquée, trois agences inventées, site, tâches, boîte aux lettres.
               Ctrl-C arrête tout. --reset recommence à zéro.
  ./run test   [options de pytest]
               Contrôles, tous les tests sur la base embarquée, puis ceux de la base sur PostgreSQL 15.
  ./run check  Les contrôles seuls : ruff, mypy, import-linter, manage.py check.
  ./run serve  Le site en production ; réglages par l'environnement (voir plus bas).
  ./run worker Les tâches de fond en production ; mêmes réglages.
  ./run bench  [noms] [--full]   Les mesures de docs/bench.md (lignes « ratio NOM VALEUR »).
  ./run manage COMMANDE…         Les commandes de gestion : migrate, dossier import, generate_dossier, exploitant…

Sans DATABASE_URL, la base est un PostgreSQL embarqué, rangé dans var/ (ou PALIER_DATA).

Réglages de production :
  PALIER_SECRET_KEY, PALIER_PEPPER   deux secrets différents d'au moins 50 et 32 caractères
  PALIER_VAULT_KEY                   32 octets en hexadécimal ; la perdre, c'est perdre les fichiers
  PALIER_URL, PALIER_HOSTS           https://portail.exemple.fr · portail.exemple.fr
  DATABASE_URL                       rôle palier_app ; DATABASE_OWNER_URL, DATABASE_EXPLOITANT_URL pour migrer
  PALIER_DATA, PALIER_S3_BUCKET      dossier des fichiers, ou seau S3
  PALIER_SMTP_HOST, PALIER_SMTP_PORT, PALIER_SMTP_USER, PALIER_SMTP_PASSWORD, PALIER_SMTP_TLS, PALIER_FROM
  PALIER_EXPLOITANT_NOM, _FORME, …   qui tient le portail : complète les textes légaux (docs/exploitation.md)
  PALIER_HOST, PALIER_PORT, PALIER_WORKERS, PALIER_THREADS, PALIER_PROXIES
Première mise en service : PALIER_MODE=production ./run manage migrate, puis ./run serve et ./run worker.
"""


class Stop(Exception):
    """The command cannot go on: one French sentence per problem, and the exit code."""

    def __init__(self, *sentences: str, code: int = 2) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences
        self.code = code


def say(text: str) -> None:
    """Print a line for the person at the keyboard."""
    print(text, file=sys.stderr, flush=True)
