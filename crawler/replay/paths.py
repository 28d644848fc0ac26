"""The addresses of the replayed site, as paths; the real site has the same ones."""

from __future__ import annotations

from typing import Final

HOME: Final = "/"
ROBOTS: Final = "/robots.txt"
SECTION: Final = "/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/"
SEMINARS: Final = f"{SECTION}seminare-in-den-bereichen-arbeit-und-soziales/"
SEMINAR_14: Final = f"{SEMINARS}2014-14-seminar/"
SEMINAR_17_OLD: Final = f"{SEMINARS}2016-17-seminar/"
SEMINAR_17: Final = f"{SEMINARS}17-seminar/"
SEMINAR_18: Final = f"{SEMINARS}18-seminar/"
SEMINAR_19: Final = f"{SEMINARS}19-seminar/"
SEMINAR_20: Final = f"{SEMINARS}20-seminar/"
SEMINAR_21: Final = f"{SEMINARS}21-seminar/"
SEMINAR_22: Final = f"{SEMINARS}22-seminar/"
SEMINAR_2020: Final = f"{SEMINARS}seminar-2020/"
SEMINAR_23: Final = f"{SEMINARS}23-seminar/"
EXCHANGE: Final = f"{SECTION}austausch-senias-lageso-botschaft-rf/"
VISITS: Final = f"{SECTION}hospitationen/"

PRESS: Final = "/lageso/service/pressemitteilungen/"
FEED: Final = f"{PRESS}index.php/rss"
PRESS_NEW: Final = f"{PRESS}2021/pressemitteilung.1078412.php"

ASSETS: Final = "/lageso/_assets/ueber-uns/staedtepartnerschaft/"
PDF_AGREEMENT: Final = f"{ASSETS}fachvereinbarung_kurzfassung.pdf"
PDF_2020: Final = f"{ASSETS}informationsmaterial_moskau_2020.pdf"
PDF_PROGRAMME: Final = f"{ASSETS}programm_23_seminar.pdf"
