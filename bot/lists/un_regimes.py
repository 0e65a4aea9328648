"""What the sanctions regimes of the UN Security Council lay upon those they list, by the `UN_LIST_TYPE` of its list.

The measures are those that the page of each committee says apply to designated individuals and entities, like
https://main.un.org/securitycouncil/en/sanctions/1518; a travel ban is laid upon individuals only. The committee on
Guinea-Bissau has a travel ban alone (resolution 2048 (2012), paragraph 4), that on Iraq an assets freeze alone (resolution
1483 (2003), paragraph 23).
"""

import re
from dataclasses import dataclass

FREEZE, TRAVEL, ARMS = "asset freeze", "travel ban", "arms embargo"


@dataclass(frozen=True, slots=True)
class Regime:
    """The resolution that established its committee, and what applies to those listed."""

    resolution: str
    measures: tuple[str, ...] = (FREEZE, TRAVEL)


REGIMES = {
    "Al-Qaida": Regime("1267 (1999)", (FREEZE, TRAVEL, ARMS)),
    "CAR": Regime("2127 (2013)"),
    "DPRK": Regime("1718 (2006)"),
    "DRC": Regime("1533 (2004)"),
    "GB": Regime("2048 (2012)", (TRAVEL,)),
    "Haiti": Regime("2653 (2022)", (FREEZE, TRAVEL, ARMS)),
    "Iran": Regime("1737 (2006)"),
    "Iraq": Regime("1518 (2003)", (FREEZE,)),
    "Libya": Regime("1970 (2011)"),
    "Mali": Regime("2374 (2017)"),
    "Somalia": Regime("751 (1992)", (FREEZE, TRAVEL, ARMS)),
    "SouthSudan": Regime("2206 (2015)"),
    "Sudan": Regime("1591 (2005)"),
    "Taliban": Regime("1988 (2011)", (FREEZE, TRAVEL, ARMS)),
    "Yemen": Regime("2140 (2014)", (FREEZE, TRAVEL, ARMS)),
}

UNKNOWN = Regime("", ("public identification",))
"""Of a regime without a place here nothing is certain but that the list names the subject in public."""

_MEASURE = r"(?:targeted\s+)?(?:travel\s+ban|assets?\s+freeze|arms\s+embargo)"
_STATED = re.compile(rf"\(\s*{_MEASURE}(?:\s*(?:,|and)\s*{_MEASURE})*\s*\)", re.IGNORECASE)
_WORDS = {FREEZE: "freeze", TRAVEL: "travel", ARMS: "arms"}


def regime(kind: str) -> Regime:
    """The regime of a `UN_LIST_TYPE`."""
    return REGIMES.get(kind, UNKNOWN)


def measures(kind: str, comments: str, is_person: bool) -> tuple[str, ...]:
    """What applies to an entry of a regime: what its comments state in brackets, like `(Travel Ban, Asset Freeze)`, as those
    of the Libya regime do where only one of two applies; else what the regime lays upon all."""
    stated = " ".join(_STATED.findall(comments)).casefold()
    if stated:
        return tuple(measure for measure, word in _WORDS.items() if word in stated)
    return tuple(measure for measure in regime(kind).measures if is_person or measure != TRAVEL) or UNKNOWN.measures
