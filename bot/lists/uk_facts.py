"""What the rows of a subject on the UK's lists tell of it besides names and sanctions: its numbers, and a note of the rest."""

import re
from collections.abc import Iterator

from bot.lists import countries, parts
from bot.lists.files import clean
from bot.lists.uk_columns import Subject, day, references
from bot.records import Identifier

PASSPORT = ("passport number", "passport additional information")
NATIONAL = ("national identifier number", "national identifier additional information")
ADDRESS = (*(f"address line {number}" for number in range(1, 7)), "address postal code", "address country")

TOLD = (
    *(("Title", "title"), ("Gender", "gender"), ("Nationality", "nationality(/ies)"), ("Position", "position")),
    *(("Phone number", "phone number"), ("Website", "website"), ("Email address", "email address")),
    *(("Type of entity", "type of entity"), ("Business registration", "business registration number (s)")),
    *(("Parent company", "parent company"), ("Subsidiaries", "subsidiaries"), ("IMO number", "imo number")),
    *(
        ("Type of ship", "type of ship"),
        ("Flag", "current believed flag of ship"),
        ("Previous flags", "previous flags"),
    ),
    *(
        ("Owner or operator", "current owner/operator (s)"),
        ("Previous owner or operator", "previous owner/operator (s)"),
    ),
    *(("Tonnage", "tonnage of ship"), ("Length", "length of ship"), ("Year built", "year built")),
    ("Hull identification number", "hull identification number (hin)"),
    *(("Other information", "other information"), ("Designation source", "designation source")),
)
"""What the note says, in this order, and in which column it stands."""

DATES = (("Listed on", "listed on"), ("Last updated", "last updated"))

_ELSEWHERE = frozenset(
    {
        *(f"name {number}" for number in range(1, 7)),
        *("unique id", "ofsi group id", "un reference number", "name type", "alias strength", "name non-latin script"),
        *("regime name", "designation type", "sanctions imposed", "uk statement of reasons", "date designated"),
        *("d.o.b", "town of birth", "country of birth", "non-latin script type", "non-latin script language"),
        *(*PASSPORT, *NATIONAL, *ADDRESS),
        *(column for _, column in (*TOLD, *DATES)),
    }
)
"""Columns that stand elsewhere in a record; what others hold is told under their own name."""

_NUMBERED = re.compile(r"\(\d{1,2}\)")
_PIECES = re.compile(r"\(\d{1,2}\)|[;\n]|\.\s+(?=[A-Z])|,\s+")
_WALLET = re.compile(
    r"\b(?:BTC|XBT|ETH|ETC|USDT|USDC|BNB|BSC|TRX|LTC|XMR|BCH|BSV|BTG|DASH|ZEC|XVG|XRP|SOL|ARB)\b:?\s+([A-Za-z0-9]{25,95})\b"
)
"""An address of a currency, told in "Other Information" only."""

_DATE = re.compile(r"\d\d/\d\d/\d{4}")
_NUMBER = re.compile(
    r"(?<![\w/-])(?!\d\d/\d\d/\d{4})(?=[\w./-]*\d)[A-Z0-9](?:[A-Z0-9]|[./-](?=[A-Z0-9])){3,}[A-Z0-9](?!\w)"
    r"|(?:(?<=SWIFT )|(?<=BIC )|(?<=BIN ))[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?!\w)"
)
"""Five letters and digits at least, a digit among them, no day; or a bank's code, of letters alone, after its label."""


def items(text: str) -> list[str]:
    """The values of a field that numbers them, `(1) Samarra (2) -`, empty where one is left open; else the field."""
    if "(1)" not in text:
        return [clean(text)]
    head, *rest = _NUMBERED.split(text)
    found = [clean(one).strip(" .;,-") for one in rest]
    return [head_text, *found] if (head_text := clean(head)) else found


def _paired(subject: Subject, column: str, detail: str) -> list[tuple[str, str]]:
    """The distinct values of two columns that go together, value by value where both number as many."""
    found: dict[tuple[str, str], None] = {}
    given = dict.fromkeys((row.get(column, ""), row.get(detail, "")) for row in subject.rows)
    for left, right in given:
        one, other = items(left), items(right)
        pairs = zip(one, other, strict=True) if len(one) == len(other) else [(clean(left), clean(right))]
        found |= dict.fromkeys(pair for pair in pairs if any(pair))
    return list(found)


def identifiers(subject: Subject) -> tuple[Identifier, ...]:
    """The numbers of a subject: of the lists, of ships, passports, and of registers by what they are called."""
    lands = {code for text in subject.all("address country") for code in countries.codes(text)}
    return parts.identifiers(
        (
            *(("list_id", text) for text in subject.all("ofsi group id")),
            *(("list_id", one) for text in subject.all("un reference number") for one in references(text) or [text]),
            *(("imo", one) for text in subject.all("imo number") for one in re.findall(r"\d{7}", text) or [text]),
            *(("passport", one) for number, _ in _paired(subject, *PASSPORT) for one in items(number)),
            *(
                (parts.scheme(about, "national_id"), one)
                # Where there are more numbers than details, they come as they were written.
                for number, about in _paired(subject, *NATIONAL)
                for one in items(number)
            ),
            *(("wallet", one) for text in subject.all("other information") for one in _WALLET.findall(text)),
            *(one for text in subject.raw("business registration number (s)") for one in registrations(text, lands)),
        )
    )


def registrations(text: str, lands: set[str]) -> Iterator[tuple[str, str]]:
    """The numbers of a register's field, which labels them in many ways: `(1) OGRN – 1125261000040 (2) INN: 5261079332`,
    `9709056472 - Russia INN`, `1137711000074 (Russia)`. What has no number of the usual form is given out whole."""
    for piece in filter(None, map(clean, _PIECES.split(text))):
        found = list(_NUMBER.finditer(piece))
        if not found and any(sign.isdigit() for sign in _DATE.sub("", piece)):
            yield parts.scheme(piece), piece
        ends = [0, *(one.end() for one in found)]
        for one, begin in zip(found, ends, strict=False):
            before = piece[begin : one.start()]
            label = before if any(sign.isalpha() for sign in before) else piece[one.end() :]
            yield _scheme(label, one[0], lands), one[0]


def _scheme(label: str, number: str, lands: set[str]) -> str:
    scheme = parts.scheme(label)
    if scheme == "tax":
        # The taxpayer's number (TIN) of Russia is the INN, that of China the unified social credit code.
        if re.fullmatch(r"\d{10}|\d{12}", number) and ("ru" in lands or "russia" in label.casefold()):
            return "inn"
        return "uscc" if re.fullmatch(r"[159]\d{7}[0-9A-Z]{10}", number) else "tax"
    return scheme


def note(subject: Subject) -> str:
    """What else the rows tell, as published but for dates, which are ISO where they can be read."""
    facts = [
        ("Date of birth", [day(text) or text for text in subject.all("d.o.b")]),
        ("Place of birth", _joined(_paired(subject, "town of birth", "country of birth"))),
        *((label, subject.all(column)) for label, column in TOLD[:4]),
        ("Passport", _about(_paired(subject, *PASSPORT))),
        ("National identifier", _about(_paired(subject, *NATIONAL))),
        ("Address", _addresses(subject)),
        *((label, subject.all(column)) for label, column in TOLD[4:]),
        ("Non-Latin script", _joined(_paired(subject, "non-latin script type", "non-latin script language"))),
        ("Designated", _doubtful(subject.all("date designated"))),
        *((label, [day(text) or text for text in subject.all(column)]) for label, column in DATES),
        *((name, subject.all(name)) for name in _unknown(subject)),
    ]
    return "; ".join(f"{label}: {' | '.join(texts)}" for label, texts in facts if texts)


def _about(pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{number} ({detail})" if number and detail else number or detail for number, detail in pairs]


def _joined(pairs: list[tuple[str, str]]) -> list[str]:
    return [", ".join(dict.fromkeys(filter(None, pair))) for pair in pairs]


def _addresses(subject: Subject) -> list[str]:
    found = dict.fromkeys(tuple(filter(None, map(row.get, ADDRESS))) for row in subject.rows)
    return list(dict.fromkeys(", ".join(filter(None, map(clean, lines))) for lines in found if lines))


def _doubtful(days: list[str]) -> list[str]:
    """Days that are not one clear date, which a listing says itself."""
    return [day(text) or text for text in days] if len(days) > 1 or not all(map(day, days)) else []


def _unknown(subject: Subject) -> list[str]:
    return [column for column in subject.columns if column and column not in _ELSEWHERE]
