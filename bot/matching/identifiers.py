"""Recognises identifiers (USCC, LEI, ISIN, IMO, INN, OGRN, BIC, tickers, registration numbers) by form and check digit.

They say that a number can be one of a scheme, not that it was ever given out. LEI: ISO 17442. USCC: GB 32100-2015. ISIN: ISO
6166. BIC: ISO 9362. IMO number: IMO resolution A.1117(30). INN and OGRN: orders of the Russian Federal Tax Service. The check
digits are stdnum's: https://arthurdejong.org/python-stdnum/formats
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum import bic, imo, isin, lei
from stdnum.cn import uscc
from stdnum.ru import inn, ogrn

_SEP = r"[ .\-‐–−·]"
_OPEN, _CLOSE = r"(?<![A-Z0-9])", r"(?![A-Z0-9])"
_ALONE = (r"(?<![A-Z0-9])(?<![A-Z0-9][-._])", r"(?![A-Z0-9]|[-._][A-Z0-9]|,\d{3}(?!\d))")
"""Not a part of a longer number: 12-3456789, 1.234567, 12345,678."""

_MAYBE = re.compile(r"\d|[A-ZＡ-Ｚ]{8}|(?i:swift|\bbic\b)")
"""What a text without any identifier rarely has: looked for first, since most questions have none."""


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier standing in a text, its label included.

    `value` is written together in upper case, a ticker as `CODE.EXCHANGE`. `is_checked` says that its check digit is right;
    `is_labelled` that a word before it (`INN`, `reg. no.`) tells what it is. Without either it is a guess by form.
    """

    scheme: str
    value: str
    start: int
    end: int
    is_checked: bool
    is_labelled: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether its label says what it is, but its length or check digit says that it cannot be."""
        return self.scheme in CHECKED and not self.is_checked


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How an identifier is written: the characters at each place, as (class, how many); the labels that announce it."""

    name: str
    parts: tuple[tuple[str, int], ...]
    is_valid: Callable[[str], bool]
    labels: str

    def form(self, between: str = "") -> str:
        return between.join(kind for kind, times in self.parts for _ in range(times))

    def roughly(self) -> str:
        """A token of nearly the right length, with a digit."""
        length = sum(times for _, times in self.parts)
        kind = _ANY if any("A-" in kind for kind, _ in self.parts) else r"\d"
        return rf"(?=[A-Z]*\d){kind}{{{length - 2},{length + 2}}}"

    def fits(self, value: str) -> bool:
        return bool(re.fullmatch(self.form(), value)) and self.is_valid(value)


def _is_ogrnip(value: str) -> bool:
    """The last digit of the remainder by 13; stdnum 2.2 compares the whole remainder and refuses those of 10, 11 and 12."""
    return value[-1] == str(int(value[:-1]) % 13)[-1]


_ANY, _CHINESE = "[A-Z0-9]", "[0-9A-HJ-NP-RTUWXY]"
_CHINESE_LABELS = "USCC|UNIFIED SOCIAL CREDIT (?:CODE|IDENTIFIER)|(?:统一)?社会信用代码|信用代码|纳税人识别号|税号"
_ENTITY_LABELS = "LEI|LEGAL ENTITY IDENTIFIER|法人(?:机构)?识别编码"
_SCHEMES = (
    _Scheme("lei", ((_ANY, 18), (r"\d", 2)), lei.is_valid, _ENTITY_LABELS),
    _Scheme("uscc", ((r"\d", 8), (_CHINESE, 10)), uscc.is_valid, _CHINESE_LABELS),
    _Scheme("ogrn", (("[15]", 1), (r"\d", 12)), ogrn.is_valid, "OGRN|ОГРН|PSRN"),
    _Scheme("ogrnip", (("[34]", 1), (r"\d", 14)), _is_ogrnip, "OGRNIP|ОГРНИП|OGRN|ОГРН"),
    _Scheme("isin", (("[A-Z]", 2), (_ANY, 9), (r"\d", 1)), isin.is_valid, "ISIN"),
    _Scheme("inn", ((r"\d", 12),), inn.is_valid, "INN|ИНН"),
    _Scheme("inn", ((r"\d", 10),), inn.is_valid, "INN|ИНН"),
    _Scheme("imo", ((r"\d", 7),), imo.is_valid, "IMO|ИМО|国际海事组织"),
)
_GROUPS = {
    "lei": rf"[A-Z]{{0,3}}\d[A-Z0-9]{{0,3}}(?<=[A-Z0-9]{{4}})(?:{_SEP}[A-Z0-9]{{4}}){{4}}",
    "uscc": rf"[159](?:{_SEP}?\d){{7}}(?:{_SEP}?{_CHINESE}){{10}}",
    "isin": rf"[A-Z]{{2}}(?:{_SEP}[A-Z0-9]{{9}}{_SEP}\d|[A-Z0-9]{{2}}(?:{_SEP}[A-Z0-9]{{4}}){{2}})",
}
"""The schemes that are also found in groups without a label, and the usual groups."""

CHECKED = frozenset(scheme.name for scheme in _SCHEMES)
"""The schemes that have a check digit. The others (`bic`, `mmsi`, `ticker`, `registration`) are never `is_checked`."""

_FILLER = (
    r"(?:[\s:=#№/(\"']|\.|(?:NUMBERS?|NUM|NOS?|NR|CODE|ID|IS|OF|REG|BIC|KPP|КПП|НОМЕР|ОРГАНИЗАЦИИ"
    r"|КОМПАНИИ)(?![A-ZА-Я])|号码?|编[号码]|代码|注册号|[为是]){0,9}"
)
_REGISTERED_LABELS = (
    r"(?:(?:COMPANY|BUSINESS|COMMERCIAL|CORPORATE|STATE)\s(?:NUMBER|NO)|REG(?:N|ISTRATION|ISTRY|ISTER)?"
    r"|TAX(?:PAYER)?\s(?:ID\w*|NUMBER|NO|CODE)|VAT|TIN|EIN|CRN|BRN|UEN|SIREN|SIRET|KVK|NIP|KRS|CIK|DUNS|D-U-N-S|BIN|БИН"
    r"|ORG(?:ANI[SZ]ATION(?:S|AL)?)?\.?\s?(?:NUMBER|NUMMER|NO|NR)|OKPO|ОКПО|KPP|КПП|БИК|EDRPOU|ЄДРПОУ|ЕДРПОУ"
    r"|РЕГ(?:ИСТРАЦИОННЫЙ)?|(?:工商)?注册号|登记号|组织机构代码)(?!\d)"
)


def _after(labels: str, value: str) -> re.Pattern[str]:
    """A label, what may stand between (`No.`, a colon), and the value."""
    return re.compile(rf"(?<![A-ZА-Я0-9])(?P<label>(?:{labels})(?![A-ZА-Я]){_FILLER})(?P<value>{value}){_ALONE[1]}")


_LABELLED = tuple((one, _after(one.labels, f"(?:{one.form(f'{_SEP}?')}|{one.roughly()})")) for one in _SCHEMES)
_BARE = tuple((one, re.compile(_ALONE[0] + one.form() + _ALONE[1])) for one in _SCHEMES)
_GROUPED = tuple(
    (one, re.compile(f"{_OPEN}(?=(?P<value>{_GROUPS[one.name]}){_CLOSE})")) for one in _SCHEMES if one.name in _GROUPS
)
_BIC = r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"
_BIC_LABELLED = _after(
    "SWIFT(?:[-/ ]?BIC)?|BIC(?:[-/ ]?SWIFT)?",
    rf"{_BIC}|[A-Z]{{4}}{_SEP}[A-Z]{{2}}{_SEP}[A-Z0-9]{{2}}(?:{_SEP}[A-Z0-9]{{3}})?",
)
_BIC_BARE = re.compile(_ALONE[0] + _BIC + _ALONE[1])
_CAPITALS = (re.compile(r"[A-Z]{2,}[\s&.-]{1,3}$"), re.compile(r"[\s&.-]{1,3}[A-Z]{2,}"))
_MMSI = _after("MMSI", r"\d{9}")
_GROUPED_DIGITS = r"(?:[A-Z]{2,3} )?(?:\d{5,}|\d{1,4}(?: \d{2,4}(?!\d))+)"
_REGISTERED = _after(_REGISTERED_LABELS, rf"{_GROUPED_DIGITS}|(?=[-A-Z./]*\d)(?:[A-Z0-9]+[-./])*[A-Z0-9]+")

_EXCHANGES = {"SSE": "SS", "SHA": "SS", "SZSE": "SZ", "SHE": "SZ", "HKEX": "HK", "SEHK": "HK", "HKG": "HK"}
_TICKER = re.compile(
    rf"{_ALONE[0]}(?:(?P<code>\d{{4,6}})\.(?P<exchange>SS|SH|SZ|BJ|HK|TWO?|K[SQL]|SI|NS|BO|T)(?!\.\d)"
    r"|(?P<code2>\d{6}) (?P<exchange2>CN|CH|SS|SH|SZ|KS)|(?!(?:19|20)\d\d )(?P<code3>\d{4,5}) (?P<exchange3>HK|TT|JP)"
    rf"|(?P<exchange4>{'|'.join(_EXCHANGES)}|HK|SH|SZ|TYO|TWSE|KRX)\s?:\s?(?P<code4>\d{{4,6}})"
    r"|(?P<exchange5>SH|SZ|BJ|SSE|SZSE)\s?(?P<code5>\d{6})"
    rf"|(?P<label>STOCK CODE|TICKER|股票代码|证券代码)[\s:]*(?P<code6>\d{{4,6}})(?!\.[A-Z]| (?:CN|CH|HK))){_CLOSE}"
)

_CURRENCY = r"USD|EUR|RMB|CNY|RUB|RUR|GBP|JPY|HKD|CHF|INR|AED|TRY|KZT"
_NOT_BEFORE = re.compile(
    rf"(?:[$€£¥₽₹₩第]|(?<![A-Z])(?:{_CURRENCY})|\+(?:\d[\d ().-]*)?|\(\d{{2,5}}\)[ -]?|(?<!\d)0\d{{2,3}} |邮编[: ]?"
    r"|(?<!\w)(?:TEL|PHONE|FAX|MOBILE|CALL|WHATSAPP|ТЕЛ|电话|手机|传真|E\.?O|ORDER|LAW|ACT|RESOLUTION|REGULATION|DIRECTIVE"
    r"|DECISION|ARTICLE|SECTION|RULE|CFR|(?<=\d )FR|ECCN|HS|HTS|PAGE|BOX|ZIP|INVOICE|CONTRACT|ACCOUNT|CASE|FY)"
    r"\W{0,3}(?:N[OR]\W{0,2})?)\s*$"
)
_NOT_AFTER = re.compile(
    rf"\s?(?:[%‰$€£¥₽₹]|(?:{_CURRENCY}|DOLLARS?|EUROS?|ROUBLES?|RUBLES?|YUAN|PERCENT|MILLIONS?|BILLIONS?|BN|MLN|THOUSAND|UNITS?"
    r"|PIECES|PCS|PEOPLE|SOLDIERS|TROOPS|DRONES|CHIPS|SHELLS|TONN?E?S|KM|KG|MAH|HZ|TIMES|YEARS|DAYS|HOURS)(?![A-Z])"
    r"|[万亿元人台架枚吨]|美元|欧元|卢布|РУБ|ДОЛЛ|МЛН|МЛРД|ТЫС)"
)
_DATE = re.compile(
    r"(?:19|20)\d\d(?:[-./](?:\d{1,2}|(?:19|20)\d\d))+(?:T\d+)?|(?:\d{1,2}[-./]){1,2}(?:19|20)\d\d|\d{1,2}[-./]\d{1,2}[-./]\d\d"
    r"|(?:19|20)\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])|(?:[0-2]\d|3[01])(?:0\d|1[0-2])(?:19|20)\d\d"
)
_NO_REGISTRATION = re.compile(
    # Financial years and quarters, acts (833/2014), telephones, money and decimals, network addresses, round sums, measures.
    r"(?:FY|CY|[QH]\d)[-/.]?\d[\d/.-]*|(?:[A-Z]+-)?\d{1,4}[/-](?:19|20)\d\d|(?:19|20)\d\d[/-]\d{1,4}|\d{1,4}-\d{1,3}"
    r"|[A-Z]+[-./](?:19|20)\d\d[-./]\d\d?[-./]\d\d?|1[3-9]\d{9}|[78][3489]\d{9}|00\d{9,13}|\d{3}-\d{4}|0\d{2,3}-\d{7,8}"
    r"|\d{1,4}(?:-\d{2,4}){2,}(?:-\d+)*|\d{1,3}(?:-\d{2,4})+-\d{7,8}|\d+\.\d+|\d{1,3}(?:\.\d{1,3}){2,}|[1-9]\d*000"
    rf"|(?:{_CURRENCY}|EO).*|\d+(?:K[MGW]|M[MW]|CM|[TGM]B|HZ|[KM]V|BN)|\d{{1,6}}[KMTHXV]"
)
_REGISTRATION = re.compile(
    rf"{_ALONE[0]}(?:HR[AB] )?[A-Z]{{0,4}}[-./]?\d(?:[-./]?\d){{4,}}(?:[-./]?[A-Z]{{1,2}}|B\d\d)?{_ALONE[1]}"
)


def find(text: str) -> list[Found]:
    """The identifiers standing in a text, in its order; of those that overlap the surest (labelled, checked), then the longest.

    With a label, a number of about the right length is found though its check digit is wrong (`is_wrong`). Without one, it is
    found by its check digit, as a ticker, as a BIC in capitals, or as a `registration`: five digits or more in the form of a
    registration number, and no date, money, telephone or act of law.
    """
    if not _MAYBE.search(text):
        return []
    plain = _fold(text)
    taken: list[Found] = []
    for one in sorted(_candidates(plain, text), key=_rank, reverse=True):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda one: one.start)


def _rank(one: Found) -> tuple[bool, bool, bool, int]:
    is_sure = one.is_labelled or (one.is_checked and len(one.value) > 11)
    return is_sure, one.is_checked, one.scheme != "registration", one.end - one.start


def key(text: str) -> str:
    """What identifiers are compared by: no case, spaces, punctuation; empty below five characters or without a digit."""
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text)
    kept = "".join(one if one.isascii() else _fold_one(one).casefold() for one in plain.casefold() if one.isalnum())
    return kept if len(kept) >= 5 and any(map(str.isdigit, kept)) else ""


def schemes(value: str) -> tuple[str, ...]:
    """The schemes that a bare value fits by form and check digit; `registration` is the last, and fits whatever has a `key`."""
    plain = _fold(unicodedata.normalize("NFKC", value)).strip()
    compact = _compact(plain).removeprefix("IMO")
    fitting = [scheme.name for scheme in _SCHEMES if scheme.fits(compact)]
    fitting += ["bic"] if bic.is_valid(compact) and value.strip().isupper() else []
    fitting += ["mmsi"] if re.fullmatch(r"[2-7]\d{8}", compact) else []
    fitting += ["ticker"] if _TICKER.fullmatch(plain) else []
    return (*fitting, "registration") if key(value) else tuple(fitting)


def _fold(text: str) -> str:
    """Upper case, ASCII digits and no full width, with every character in its place."""
    return text.upper() if text.isascii() else "".join(map(_fold_one, text))


def _fold_one(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).upper()
    digit = unicodedata.decimal(folded, None) if len(folded) == 1 else None
    return str(digit) if digit is not None else folded if len(folded) == 1 else character


def _compact(plain: str) -> str:
    return re.sub("[^A-Z0-9]", "", plain)


def _candidates(plain: str, text: str) -> Iterator[Found]:
    """All that may be identifiers, overlapping ones too."""
    yield from _labelled(plain)
    yield from _bics(plain, text)
    for one in (*_tickers(plain, text), *_unlabelled(plain)):
        if len(one.value) > 12 or not _is_quantity(plain, one.start, one.end):
            yield one


def _labelled(plain: str) -> Iterator[Found]:
    for scheme, form in _LABELLED:
        for found in form.finditer(plain):
            value, right = _compact(found["value"]), scheme.fits(_compact(found["value"]))
            if right or not _is_other(found, plain):
                yield Found(scheme.name, value, *found.span(), right, is_labelled=True)
    for found in _MMSI.finditer(plain):
        yield Found("mmsi", found["value"], *found.span(), is_checked=False, is_labelled=True)
    for found in _REGISTERED.finditer(plain):
        value = _compact(found["value"])
        if key(value) and not _is_other(found, plain):
            long = [name for name in schemes(value) if name in CHECKED and len(value) > 11]
            scheme_name = long[0] if long else "registration"
            yield Found(scheme_name, value, *found.span(), is_checked=bool(long), is_labelled=True)


def _unlabelled(plain: str) -> Iterator[Found]:
    for scheme, form in (*_BARE, *_GROUPED):
        for found in form.finditer(plain):
            start, end = found.span("value" if "value" in form.groupindex else 0)
            value = _compact(plain[start:end])
            if scheme.is_valid(value):
                yield Found(scheme.name, value, start, end, is_checked=True)
            elif scheme.name in ("lei", "uscc") and value == plain[start:end] and sum(map(str.isdigit, value)) >= 5:
                yield Found("registration", value, start, end, is_checked=False)
    for found in _REGISTRATION.finditer(plain):
        if not _DATE.fullmatch(found[0]) and not _NO_REGISTRATION.fullmatch(found[0]):
            yield Found("registration", _compact(found[0]), *found.span(), is_checked=False)


def _bics(plain: str, text: str) -> Iterator[Found]:
    """Business identifier codes (ISO 9362), which have no check digit."""
    for found in _BIC_LABELLED.finditer(plain):
        told = ":" in found["label"] or "CODE" in found["label"] or "代码" in found["label"]
        is_written = text[slice(*found.span("value"))].isupper() or (told and found["value"].isalnum())
        if is_written and bic.is_valid(value := _compact(found["value"])):
            yield Found("bic", value, *found.span(), is_checked=False, is_labelled=True)
    for found in _BIC_BARE.finditer(plain):
        if text[slice(*found.span())].isupper() and bic.is_valid(found[0]) and not _is_word(found, text):
            yield Found("bic", found[0], *found.span(), is_checked=False)


def _is_word(found: re.Match[str], text: str) -> bool:
    """Whether capitals of a BIC's form are rather part of a name in capitals: SHANGHAI BIREN, ENGINEERING."""
    if not found[0].isalpha():
        return False
    before, after = _CAPITALS
    beside = before.search(text[max(0, found.start() - 24) : found.start()]) or after.match(text, found.end())
    return bool(beside) or (len(found[0]) == 11 and not found[0].endswith("XXX"))


def _tickers(plain: str, text: str) -> Iterator[Found]:
    for found in _TICKER.finditer(plain):
        parts = found.groupdict()
        code = next(parts[name] for name in parts if name.startswith("code") and parts[name])
        exchange = next((parts[name] for name in parts if name.startswith("exchange") and parts[name]), "")
        value = f"{code}.{_EXCHANGES.get(exchange, exchange)}".removesuffix(".")
        if found["exchange"] or found["label"] or text[slice(*found.span())].isupper():
            yield Found("ticker", value, *found.span(), is_checked=False, is_labelled=bool(found["label"]))


def _is_other(found: re.Match[str], plain: str) -> bool:
    """Whether what follows a label is a date or a quantity."""
    return bool(_DATE.fullmatch(found["value"])) or _is_quantity(plain, *found.span("value"))


def _is_quantity(plain: str, start: int, end: int) -> bool:
    """Whether a number is money, a count, a telephone or an act of law by what stands beside it."""
    return bool(_NOT_BEFORE.search(plain[max(0, start - 24) : start]) or _NOT_AFTER.match(plain, end))
