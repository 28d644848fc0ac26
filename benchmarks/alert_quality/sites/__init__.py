"""The timelines, one module a site."""

from __future__ import annotations

from benchmarks.alert_quality.driver import Timeline
from benchmarks.alert_quality.sites import (
    berlin_2021,
    berlin_2024,
    drupal_district,
    gsb_ministry,
    handmade_village,
    hostile_portal,
    opencms_county,
    typo3_city,
    wordpress_chamber,
)

_SITES = (
    berlin_2021,
    berlin_2024,
    gsb_ministry,
    typo3_city,
    drupal_district,
    handmade_village,
    hostile_portal,
    wordpress_chamber,
    opencms_county,
)

TIMELINES: dict[str, Timeline] = {each.TIMELINE.name: each.TIMELINE for each in _SITES}
