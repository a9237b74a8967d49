"""The listings of a demonstration: invented offers of one county, in English and Spanish, in every state a listing can be in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from inmind.access.actors import machine
from inmind.foundation import clock
from inmind.services.listings import actions
from inmind.services.listings.asking_actions import ask_listings
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing

ASKED = timedelta(days=3)  # how long ago the clock asked about those whose term was over
CALL, OWN = Listing.How.CALL, Listing.How.OWN
# Days since it was confirmed, what is offered, what is said, and what was said of its opening. Telephone numbers are of those
# that belong to nobody (555-0100 to 555-0199), mail and pages of example.org.
EXAMPLES: tuple[tuple[int, Listing.How, Offers, dict[str, Any], dict[str, Any] | None], ...] = (
    (
        12,
        CALL,
        Offers.PROGRAM,
        {
            "program": "nfp",
            "name": "Nurses at home",
            "provider_name": "Lakeside Nurses",
            "about": "A nurse comes to you from early in your first pregnancy until your child turns two.",
            "about_es": "Una enfermera le visita desde el comienzo de su primer embarazo hasta que su bebé cumpla dos años.",
            "languages": ("en", "es"),
            "comes_home": True,
            "is_free": True,
            "phone": "555-0110",
            "refer_mail": "intake@lakeside.example.org",
            "refer_phone": "555-0111",
        },
        {"free": 3},
    ),
    (
        5,
        OWN,
        Offers.PROGRAM,
        {
            "program": "pat",
            "name": "Parents as Teachers at Harbor",
            "provider_name": "Harbor Family Services",
            "about": "Someone visits you at home and plays with you and your child. Families meet each month.",
            "about_es": "Una persona le visita en casa y juega con usted y su bebé. Las familias se reúnen cada mes.",
            "languages": ("en", "es"),
            "comes_home": True,
            "is_free": True,
            "phone": "555-0112",
            "takes_families": True,
        },
        {"free": 0, "waits_days": 60},
    ),
    (
        40,
        CALL,
        Offers.PROGRAM,
        {
            "program": "ehs",
            "name": "Early Head Start, Prairie",
            "provider_name": "Prairie Early Years",
            "about": "A place for babies and toddlers, or visits at home, for families with a low income.",
            "about_es": "Un lugar para bebés y niños pequeños, o visitas en casa, para familias con pocos ingresos.",
            "bring": "A paper that shows your income, if you have one.",
            "bring_es": "Un papel que muestre sus ingresos, si lo tiene.",
            "languages": ("en", "es"),
            "is_free": True,
            "phone": "555-0114",
        },
        None,
    ),
    (
        20,
        CALL,
        Offers.PROGRAM,
        {
            "program": "cpp",
            "name": "Talking and playing together, after something frightening",
            "provider_name": "Marta Ruiz, clinician",
            "about": "For you and your child together, when something frightening has happened.",
            "about_es": "Para usted y su hijo juntos, cuando algo les ha dado mucho miedo.",
            "languages": ("es", "en"),
            "cost": "Medicaid, or by income",
            "cost_es": "Medicaid, o según los ingresos",
            "phone": "555-0116",
            "refer_phone": "555-0116",
        },
        {"free": 0, "opens_on": 30},
    ),
    (
        60,
        CALL,
        Offers.PROGRAM,
        {
            "program": "part_c",
            "name": "Early intervention, county office",
            "provider_name": "County early intervention",
            "about": "When you wonder how your child grows, before the third birthday. Anybody may ask, and looking costs nothing.",
            "about_es": "Cuando le preocupa cómo crece su hijo, antes de los tres años. Cualquiera puede pedirlo y no cuesta nada.",
            "languages": ("en", "es"),
            "is_free": True,
            "takes_families": True,
            "phone": "555-0118",
            "refer_mail": "ei@county.example.org",
        },
        None,
    ),
    (
        75,
        CALL,
        Offers.PROGRAM,
        {
            "program": "part_b_619",
            "name": "Preschool special education",
            "provider_name": "Coastal school district",
            "about": "When you wonder how your child learns, from the third birthday on.",
            "about_es": "Cuando le preocupa cómo aprende su hijo, desde los tres años.",
            "languages": ("en",),
            "is_free": True,
            "phone": "555-0120",
            "refer_mail": "preschool@district.example.org",
        },
        None,
    ),
    (
        8,
        CALL,
        Offers.FOOD,
        {
            "name": "Food shelf at the pier",
            "provider_name": "Pier Street Pantry",
            "about": "Food for the week. Nobody asks for papers.",
            "about_es": "Comida para la semana. No se piden papeles.",
            "hours": "Tuesday and Friday, 2 to 6",
            "hours_es": "Martes y viernes, de 2 a 6",
            "bring": "Bags",
            "bring_es": "Bolsas",
            "languages": ("en", "es"),
            "is_free": True,
            "takes_families": True,
            "address": "4 Pier Street",
            "phone": "555-0122",
        },
        {"free": None},
    ),
    (
        185,
        CALL,
        Offers.DIAPERS,
        {
            "name": "Diaper bank",
            "provider_name": "Little Steps",
            "about": "Diapers for two weeks at a time.",
            "about_es": "Pañales para dos semanas.",
            "languages": ("en",),
            "is_free": True,
            "takes_families": True,
            "phone": "555-0124",
            "refer_mail": "hello@littlesteps.example.org",
        },
        None,
    ),
    (
        30,
        CALL,
        Offers.HOUSING,
        {
            "name": "A room for families, and help with the rent",
            "provider_name": "Open Door Housing",
            "about": "When you are about to lose your home, or have none.",
            "about_es": "Cuando está por perder su casa, o no tiene una.",
            "languages": ("en", "es"),
            "takes_families": True,
            "phone": "555-0126",
        },
        {"free": 0, "waits_days": 21},
    ),
    (
        3,
        CALL,
        Offers.SAFETY_AT_HOME,
        {
            "name": "Someone to talk to when home is not safe",
            "provider_name": "Harbor Light",
            "about": "Call at any hour. You decide what happens next. Nobody learns where you are.",
            "about_es": "Llame a cualquier hora. Usted decide qué sigue. Nadie sabrá dónde está.",
            "hours": "Any hour",
            "hours_es": "A cualquier hora",
            "languages": ("en", "es"),
            "is_free": True,
            "takes_families": True,
            "phone": "555-0128",
        },
        {"free": 2},
    ),
    (
        15,
        CALL,
        Offers.COMPANY,
        {
            "name": "Storytime for babies",
            "provider_name": "Coastal Library",
            "about": "Songs, rhymes and other parents. No need to sign up.",
            "about_es": "Canciones, rimas y otros padres. No hace falta inscribirse.",
            "hours": "Wednesday at 10",
            "hours_es": "Miércoles a las 10",
            "languages": ("en", "es"),
            "is_free": True,
            "takes_families": True,
            "address": "12 Main Street",
        },
        {"free": 20},
    ),
    (
        90,
        CALL,
        Offers.COMPANY,
        {
            "name": "Mothers’ morning",
            "provider_name": "Congregation of Saint Brigid",
            "about": "Coffee, and somebody to hold the baby. Every family is welcome.",
            "about_es": "Café, y alguien que cargue al bebé. Toda familia es bienvenida.",
            "hours": "Thursday at 9",
            "hours_es": "Jueves a las 9",
            "languages": ("en",),
            "is_free": True,
            "takes_families": True,
            "address": "30 Chapel Road",
            "phone": "555-0130",
        },
        None,
    ),
    (
        55,
        CALL,
        Offers.COMPANY,
        {
            "name": "Grandparents who raise children",
            "provider_name": "Kin Circle",
            "about": "Grandparents, aunts and uncles who raise a child meet and help each other.",
            "about_es": "Abuelos, tías y tíos que crían a un niño se reúnen y se ayudan.",
            "languages": ("en", "es"),
            "is_free": True,
            "takes_families": True,
            "phone": "555-0132",
        },
        None,
    ),
    (
        300,
        CALL,
        Offers.FOOD,
        {
            "name": "Summer lunches",
            "provider_name": "Parks department",
            "about": "Lunch for children in the park.",
            "languages": ("en",),
            "is_free": True,
            "phone": "555-0134",
        },
        None,
    ),
)


def make(network: Any, *, size: int, seed: int, said: Any) -> None:
    """Pat keeps the county's listings for the first agency."""
    agencies, keeper, by = {one.name: one for one in network.agencies}, network.agencies[0], network.actor("pat")
    for days, how, offers, words, opening in EXAMPLES:
        with clock.at(clock.now() - timedelta(days=days)):
            row = actions.add_listing(
                by, keeper=keeper, offers=offers, how=how, provider=agencies.get(words["provider_name"]), **words
            )
            if opening is not None:
                actions.say_opening(by, listing=row, **_dated(opening, clock.today(keeper.zone), days))
    with clock.at(clock.now() - ASKED):
        ask_listings(machine("demo"))


def _dated(opening: dict[str, Any], said_on: Any, days: int) -> dict[str, Any]:
    """An opening whose day is so many days from today."""
    said = {"free": None, **opening}
    return said | {"opens_on": said_on + timedelta(days=days + opening["opens_on"])} if "opens_on" in opening else said
