"""What all forms of OpenSanctions write alike: kinds of subjects, ids, days, countries."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from bot import dates
from bot.records import ENTITY_KINDS

KINDS = {**{kind: kind for kind in ENTITY_KINDS}, "LegalEntity": "Organization"}
"""Schema → kind. Objects of other schemas (CryptoWallet, Security, Vehicle …) are about things, and are told as left out."""

ID_LENGTH = 120

_ID = re.compile(rf"[!-~]{{1,{ID_LENGTH}}}")


def wrong_id(id: str) -> str:
    """Why an id is none; empty when it is one."""
    return "" if _ID.fullmatch(id) else f"id: {id[:ID_LENGTH]!r} is not an id of {ID_LENGTH} plain characters at most"


def day(moment: str) -> str:
    """The day of a moment like 2025-10-06T14:15:21; empty where it is none."""
    return moment[:10] if len(moment) >= 10 and dates.is_partial_date(moment[:10]) else ""


def page(id: str) -> str:
    """Where OpenSanctions tells of a subject."""
    return f"https://www.opensanctions.org/entities/{quote(id, safe='')}/"


def country_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """Two-letter codes of those that FollowTheMoney has besides ISO 3166: of regions (`ua-cri`) the country's, of former states
    (`suhh`) theirs; `zz` is the whole world. https://followthemoney.tech/explorer/types/country/"""
    found = (code.lower()[:2] for code in codes if code.lower() != "zz")
    return tuple(dict.fromkeys(found))
