"""The portal's own settings, with the bare views to compare it with."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
