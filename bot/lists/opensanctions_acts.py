"""Builds a listing from a `Sanction` of FollowTheMoney: https://followthemoney.tech/explorer/schemata/Sanction/"""

import re
from collections.abc import Iterable

from bot import dates
from bot.lists.opensanctions_datasets import SCREENED, SCREENING, Act, Listed
from bot.lists.opensanctions_ids import day, page
from bot.lists.opensanctions_objects import Object
from bot.records import Listing

TELLING = (
    "program",
    "programId",
    "authority",
    "country",
    "reason",
    "provisions",
    "listingDate",
    "startDate",
    "summary",
)
"""Properties of which a sanction has one if it says anything."""

PROVISIONS = tuple(
    (measure, re.compile(words, re.IGNORECASE))
    for measure, words in (
        (
            "asset freeze",
            r"\bfreez|\bfrozen|\bblock(?:ed|ing)?\b(?! exempt)|targeted financial sanction|gel des (?:avoirs|fonds)"
            r"|блокування активів|資産凍結",
        ),
        (
            "travel ban",
            r"travel (?:ban|restriction)|entry (?:ban|restriction)|visa (?:ban|restriction)|заборона в.їзду",
        ),
        ("arms embargo", r"arms embargo"),
        (
            "transport restriction",
            r"\b(?:ship|vessel|aircraft|port|transport)\b.*\b(?:ban|sanction|restriction|entry)|specified ship",
        ),
        ("director disqualification", r"director disqualif"),
        ("securities restriction", r"\bsecurities\b|\bCMIC\b"),
        ("procurement ban", r"procurement|публічних та оборонних закупівель|ineligible for"),
        ("menu-based sanctions", r"menu-based"),
        ("correspondent account restriction", r"correspondent|payable-through|CAPTA"),
        ("export licence requirement", r"licen[cs]e requirement|policy of denial|presumption of denial"),
        ("export restriction", r"export (?:ban|control|prohibition|restriction)"),
        ("trade restriction", r"trade (?:ban|restriction|sanctions?)|import ban|обмеження торговельних операцій"),
    )
)
"""Measure ← words of what a sanction provides."""


def is_telling(sanction: Object) -> bool:
    """Whether a sanction says anything but whom it is about."""
    return any(sanction.values(name) for name in TELLING)


def build(sanction: Object, subject: Object, one: Listed) -> Listing:
    """The listing that a sanction is on one of the lists it stands in."""
    act = _act(sanction, one)
    numbers = sanction.values("authorityId")
    # The Screening List has citations of the Federal Register for ids.
    citations = [number for number in numbers if re.fullmatch(r"\d+ (?:FR|F\.R\.) .*", number)]
    return Listing(
        *(f"{one.id}:{sanction.id}", f"{one.id}:{subject.id}", act.authority, act.list),
        measures=_measures(sanction) or act.measures,
        read_on="",
        source_ids=(one.source_id,),
        programme="; ".join(sanction.values("program", "programId")),
        legal_basis="; ".join(citations),
        # A sanction that was amended has the dates of that too: it stands since the first of them.
        listed_on=min(_days(sanction.values("listingDate", "startDate")), default=""),
        ended_on=max(_days(sanction.values("endDate")), default=""),
        first_seen=day(sanction.first_seen or ""),
        record_id=_record_id(sanction, subject, one, [number for number in numbers if number not in citations]),
        reason=_reason(sanction),
        url=page(subject.id),
    )


def _act(sanction: Object, one: Listed) -> Act:
    if one.original.act:
        return one.original.act
    if one.name == SCREENING:
        for programme in sanction.values("programId"):
            if programme in SCREENED:
                return SCREENED[programme]
    return Act("; ".join(sanction.values("authority")) or one.title, one.title)


def _measures(sanction: Object) -> tuple[str, ...]:
    provisions = sanction.values("provisions")
    return tuple(measure for measure, words in PROVISIONS if any(map(words.search, provisions)))


def _days(texts: Iterable[str]) -> list[str]:
    return [text[:10] for text in texts if dates.is_partial_date(text[:10])]


def _record_id(sanction: Object, subject: Object, one: Listed, numbers: list[str]) -> str:
    """The id its publisher gives the entry, else that of OpenSanctions. The UN's is also told by lists that copy from it; the
    UK's list gives two, of which the one in the id that OpenSanctions has made of it is its own."""
    is_of_un = bool(one.original.act and one.original.act.authority == "UN")
    told = (sanction.values("unscId") if is_of_un else []) or numbers or sanction.values("recordId")
    own = one.original.record_id([subject.id, *subject.referents])
    return own if own in told or (not told and own) else next(iter(told), sanction.id)


def _reason(sanction: Object) -> str:
    """What is said for it, and what else is said of it, under labels."""
    others = {"provisions": "Provides", "status": "Status", "duration": "For", "unscId": "UN reference"}
    labelled = ((label, sanction.values(name)) for name, label in others.items())
    told = (f"{label}: {' / '.join(values)}" for label, values in labelled if values)
    return "; ".join([*sanction.values("reason", "summary"), *told])
