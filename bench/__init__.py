"""Measures of speed: ratios taken in one run on one machine (docs/bench.md). Nothing here is part of the portal."""
