"""The basic regulations of the EU under which funds are frozen, by the `programme` codes of its Financial Sanctions Files.

Sources: the titles of the acts, each at https://eur-lex.europa.eu/eli/reg/YEAR/NUMBER, and the legal acts that
https://www.sanctionsmap.eu/ names for a regime. A code that stands for several acts has them all.
"""

import re
from collections.abc import Collection

BASES: dict[str, tuple[str, ...]] = {
    "AFG": ("753/2011",),
    "BDI": ("2015/1755",),
    "BLR": ("765/2006",),
    "CAF": ("224/2014",),
    "CHEM": ("2018/1542",),
    "COD": ("1183/2005",),
    "CYB": ("2019/796",),
    "EUAQ": ("2016/1686",),
    "GIN": ("1284/2009",),
    "GNB": ("377/2012",),
    "GTM": ("2024/287",),
    "HAM": ("2024/386",),
    "HR": ("2020/1998",),
    "HTI": ("2022/2309",),
    # Nuclear proliferation, human rights, drones and missiles.
    "IRN": ("267/2012", "359/2011", "2023/1529"),
    "IRQ": ("1210/2003",),
    "LBY": ("2016/44",),
    "MDA": ("2023/888",),
    "MLI": ("2017/1770",),
    "MMR": ("401/2013",),
    "NIC": ("2019/1716",),
    "PRK": ("2017/1509",),
    # Repression within Russia, and the sectoral measures.
    "RUS": ("2024/1485", "833/2014"),
    "RUSDA": ("2024/2642",),
    "SDN": ("747/2014",),
    "SDNZ": ("2023/2147",),
    "SOM": ("356/2010",),
    "SSD": ("2015/735",),
    "SYR": ("36/2012",),
    "TAQA": ("881/2002",),
    "TERR": ("2580/2001",),
    "TUN": ("101/2011",),
    "TUR": ("2019/1890",),
    # Misappropriation of Ukrainian funds had the same code; it is meant only where it is named.
    "UKR": ("269/2014", "208/2014"),
    "VEN": ("2017/2063",),
    "YEM": ("1352/2014",),
    "ZWE": ("314/2004",),
}

USUAL = {"UKR": "269/2014"}
"""Code of several acts → the one that is meant where none is named."""

_NUMBER = re.compile(r"\b\d{1,4}/\d{1,4}\b")


def number(title: str) -> str:
    """The number of an act in its `numberTitle`, like `269/2014 (OJ L78)`; empty where there is none."""
    found = _NUMBER.search(title)
    return found[0] if found else ""


def basic_act(programme: str, named: Collection[str]) -> str:
    """The number of the basic regulation of a programme, as the numbers of the acts that an entry names tell it where several
    are possible; empty where they do not. What amends or implements an act does not say which in its number."""
    possible = BASES.get(programme, ())
    if len(possible) == 1:
        return possible[0]
    stated = [act for act in possible if act in named]
    return stated[0] if len(stated) == 1 else USUAL.get(programme, "")


def list_name(programme: str, named: Collection[str]) -> str:
    """What a list is called here: `Regulation 269/2014`; by its programme where its basic regulation is not certain."""
    act = basic_act(programme, named)
    return f"Regulation {act}" if act else f"Financial sanctions, programme {programme}".removesuffix(", programme ")
