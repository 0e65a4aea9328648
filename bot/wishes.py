"""What somebody wants watched, read from their words. Pure: what is stored is not known here."""

import re
from dataclasses import dataclass

from bot.errors import UserError
from bot.questions import LONGEST, naming, text

LONGEST_NAME = 200
"""Characters of what is watched, at the most: it is told in every alert."""

HERE, ME = "here", "me"
"""For whom: for the channel it is said in, for whoever says it."""

KINDS = ("list", "topic", "name", "entity")
"""The words that say what sort of thing is meant; without one, that follows from what is stored."""

_KIND = re.compile(rf"(?:the )?({'|'.join(KINDS)}):?\s+(?!lists?\b)(?=\S)", re.IGNORECASE)

_PLACES = (
    (HERE, r"(?:for |in )?(?:here|(?:this|the|our) (?:channel|room|conversation))|for us"),
    (ME, r"(?:just |only )?(?:for )?(?:me|myself)(?: only)?"),
)
# A firm may be called "Here": before a name the place has its preposition, or a quotation mark or a kind behind it.
_BEFORE = rf"(?:(?=for |in ){{0}}|{{0}}(?=\s+(?:[\"']|(?:{'|'.join(KINDS)})\b)))[\s,:]+"
_FIRST = tuple((place, re.compile(_BEFORE.format(f"(?:{words})"), re.IGNORECASE)) for place, words in _PLACES)
_LAST = tuple((place, re.compile(rf"[\s,]+(?:{words})$", re.IGNORECASE)) for place, words in _PLACES)

_MARK = re.compile(r"\"([^\"]+)\"|(?<!\w)'([^']+)'(?!\w)")
_PARTING = " \t\n.,;:!?。，！？"

_COURTESY = re.compile(r"[\s,]+(?:please|pls|thanks|thank you)[\s.!]*$", re.IGNORECASE)
_POLITE = r"(?:please |pls |kindly |(?:can|could|will|would) you (?:please )?)?"
_WATCH = re.compile(rf"{_POLITE}(?:(?:start|keep) )?watch(?:ing)?[\s:]+(.+)", re.IGNORECASE | re.DOTALL)
_FOR = re.compile(r"(?:out )?for\s+", re.IGNORECASE)
_ANYBODY = r"(?:(?:any|some)(?:one|body|thing)|an? (?:firm|company|entity|person|name)|new (?:names|entries|firms))"
_COMES = (
    r"(?:(?:ever|is|are|gets?|becomes?|has|have|been|newly|first) )*"
    r"(?:appears?|(?:show|come|turn|pop)s? up|changes?|den(?:y|ies)|listed|sanctioned|designated|blacklisted|added|put|new|named"
    r"|mentioned|delisted|removed|taken off|flagged|on record|updated|found)"
)
_ALERT = re.compile(
    rf"{_POLITE}(?:alert|notify|ping|warn) (?P<whom>me|us|(?:this|the) channel) "
    r"(?:when(?:ever)?|if|as soon as|once|about|of|on)(?: (?:any |all )?(?:changes?|news)"
    r" (?:to|of|in|on|at|for|about))? (?P<what>.+)",
    re.IGNORECASE | re.DOTALL,
)
# "Tell me if it is listed" and "tell me when it was listed" ask how it stands, and not to be told of what is to come.
_TELL = re.compile(
    rf"{_POLITE}(?:(?:tell|inform|message|email|dm|remind) (?P<whom>me|us|(?:this|the) channel)|let (?P<let>me|us) know) "
    rf"(?:about (?:any |all )?(?:changes|news) (?:to|of|in|on|at|for|about) (?P<changing>.+)"
    rf"|(?:when(?:ever)?|as soon as|once) (?!(?:.* )?(?:was|were|did|had) |is |are |does )(?P<what>.+? {_COMES}\b.*)"
    r"|if (?P<should>.+? (?:ever|appears?|(?:show|come|turn|pop)s? up|changes?|gets?|becomes?"
    r"|(?:is|are) (?:newly )?(?:added|delisted|removed|taken off))\b.*))",
    re.IGNORECASE | re.DOTALL,
)
_SOMEBODY = re.compile(rf"{_ANYBODY} (?:{_COMES} )?(?:on|to|in|from|about|of|off|under) ", re.IGNORECASE)
_HAPPENS = re.compile(
    rf"[\s,]+{_COMES}(?: (?:it|that|this|on|to|from|in|by|again|anywhere)\b.*)?", re.IGNORECASE | re.DOTALL
)
_CHINESE_WATCH = re.compile(r"请?(?:帮我)?(?:关注|监控|监测)(?:一下)?\s*(.+)", re.DOTALL)
_CHINESE_TELL = re.compile(
    r"请?(?:当|如果|一旦)?\s*(?P<what>.+?)\s*(?:一?(?:出现|有变化|变化|被列入|被制裁|被点名|有消息)(?:名单|清单)?)"
    r"(?:时|的时候|了|后)?[，,\s]*请?(?:就)?(?:告诉|通知|提醒)(?P<whom>我们|我)",
    re.DOTALL,
)
_STOP = re.compile(
    rf"{_POLITE}(?:unwatch|stop watching|(?:don'?t|do not) watch|no longer watch|取消关注|不再关注|停止监控)[\s:]*(?P<what>.*?)"
    r"(?: any ?more)?",
    re.IGNORECASE | re.DOTALL,
)


_ALL = (
    r"(?:what(?:'s| is| are)?|which (?:\w+ )?(?:is|are)|who(?:'s| is)?|show(?: me)?(?: what)?(?:'s| is)?) "
    r"(?:(?:do|are|am|is) )?(?:(?:we|you|i|this channel|the channel) )?(?:being |all )?watch(?:ed|ing)?"
    r"|(?:show(?: me)?|list)(?: (?:all|the|my|our))* watch(?:es| ?list)|(?:my|our) watch(?:es| ?list)"
    r"|(?:关注|监控)了?(?:什么|哪些|谁)"
)
_LISTING = re.compile(
    rf"{_POLITE}(?:{_ALL})(?: (?:here|now|today|currently|by (?:us|me|you)|for (?:us|me)|in (?:this|the) channel))*",
    re.IGNORECASE,
)

_POINTING = frozenset("it them they he him she her this that these those 它 他 她 他们 它们".split())


_NOTHING = frozenset(
    "topic topics name names entity entities list lists portfolio portfolios alert alerts all any none anything everything"
    " something nothing anyone anybody everyone everybody someone somebody nobody new status settings export 全部 所有".split()
)
_ID = re.compile(r"w-[0-9a-f]+", re.IGNORECASE)
"""What a watch is called by in lists and on the command line."""

_OPTION = re.compile(r"-{1,2}[a-z][\w-]*", re.IGNORECASE)
_PORTFOLIO = re.compile(r"(?:(?:the|a|my|our|export|upload|download) )*portfolios?(?: .*)?", re.IGNORECASE)
_BY_THE_CLOCK = re.compile(
    r".*?\b((?:every|each) (?:\w+ )?(?:hour|day|morning|evening|week|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"\b(?:(?:for|in|to)\s+(?:<[#@!][^>]*>|[#@][\w.-]+)|for\s+[CDGUW](?=\w*\d)[A-Z0-9]+)[\s.!?]*$")
"""A channel or a person at the end, as Slack writes them or people do."""

_SAY = (
    'Say what to watch: a name ("Acme Optics"), a list (list SDN), a topic (topic nitrocellulose) or the id of an entity (entity '
    "ofac:47368)."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants watched: its words, of which kind they say it is (empty: that is left open), for which place (empty:
    left open), and whether it is quoted, which only names are."""

    text: str
    kind: str = ""
    place: str = ""
    quoted: bool = False

    @property
    def pointing(self) -> bool:
        """Whether it is whoever was talked of before."""
        return not (self.quoted or self.kind) and self.text.casefold() in _POINTING


def read(asked: str) -> Wish:
    """Reads the words behind `watch`, or a whole "tell me when …". Raises UserError where nothing is named, or too much, or what
    cannot be watched."""
    _is_for_here(asked)
    plain = text.clean(asked, LONGEST).replace("\n", " ")
    place = ""
    if told := _told(plain):
        place, plain = _whom(told), _happening(told)
    wish = _wish(plain, place)
    if not (wish.kind or wish.quoted):
        _can_be_watched(wish.text)
    return wish


def unwanted(said: str) -> Wish:
    """Reads the words behind `unwatch`: what is to be watched no longer, and for which place. Raises UserError as `of` does."""
    return _wish(text.clean(said, LONGEST).replace("\n", " "), "")


def asked(message: str) -> Wish | None:
    """What a message wants watched: "watch …", "tell me when …"; None where it wants something else. Raises as `read` does."""
    plain = text.clean(message, LONGEST)
    if found := _WATCH.fullmatch(plain) or _CHINESE_WATCH.fullmatch(plain):
        _is_for_here(message)
        return read(found[1])
    return read(message) if _told(plain) else None


def lists(message: str) -> bool:
    """Whether a message asks what is watched."""
    return bool(_LISTING.fullmatch(text.clean(message, LONGEST).rstrip(_PARTING)))


def ended(message: str) -> str | None:
    """What a message wants watched no longer: "unwatch …", "stop watching …"; None where it wants something else."""
    found = _STOP.fullmatch(text.clean(message, LONGEST).rstrip(_PARTING))
    return found["what"].strip() if found else None


def _told(plain: str) -> re.Match[str] | None:
    """A text that asks to be told, taken apart."""
    bare = plain.rstrip(_PARTING)
    return next(filter(None, (form.fullmatch(bare) for form in (_ALERT, _TELL, _CHINESE_TELL))), None)


def _whom(told: re.Match[str]) -> str:
    said = told.groupdict()
    return ME if (said["whom"] or said.get("let") or "").lower() in ("me", "我") else HERE


def _happening(told: re.Match[str]) -> str:
    """What is to be told of, without what may become of it: a watch tells of all that does."""
    said = told.groupdict()
    what = next(filter(None, (said.get(name) for name in ("what", "changing", "should"))), "")
    if found := _SOMEBODY.match(what):
        return what[found.end() :]
    cut = next((found.start() for found in _HAPPENS.finditer(what) if _HAPPENS.fullmatch(what, found.start())), 0)
    return what[:cut] if what[:cut].strip(_PARTING) else what


def _wish(plain: str, place: str) -> Wish:
    rest, kind = _COURTESY.sub("", plain.strip()), ""
    for _ in range(2):
        rest, place = _placed(rest, place)
        if not kind and (found := _KIND.match(rest)):
            kind, rest = found[1].lower(), rest[found.end() :]
    rest = _FOR.sub("", rest, count=1) if _FOR.match(rest) else rest
    rest = rest.strip() if kind == "entity" else rest.strip(_PARTING)
    quoted = _MARK.fullmatch(rest)
    return of(kind, quoted[1] or quoted[2] if quoted else rest, place, quoted=bool(quoted))


def _is_for_here(asked: str) -> None:
    if found := _ELSEWHERE.search(asked):
        raise UserError(
            f"“{found[0].strip()}”: a watch is for the channel that it is said in, or “for me”; the form in my home sets one for "
            "another channel, and on the command line --channel or --user does."
        )


def _can_be_watched(said: str) -> None:
    """Raises UserError for words that are no name, but look as if something else were meant by them."""
    called = f"Where that is somebody's name: name {said}"
    if _OPTION.fullmatch(said):
        raise UserError(_SAY)
    if _ID.fullmatch(said):
        raise UserError(f"“{said}” looks like the id of a watch, which “unwatch {said}” ends. {called}")
    if said.casefold() in _NOTHING:
        raise UserError(f"“{said}” is nothing to watch. {_SAY} {called}")
    if _PORTFOLIO.fullmatch(said):
        raise UserError(
            "A portfolio is a file of names: “watch portfolio” alone opens the form for it; on the command line --portfolio "
            f"FILE.csv takes it. {called}"
        )
    if found := _BY_THE_CLOCK.fullmatch(said):
        raise UserError(
            f"Alerts come when something changes, and not by the clock: leave out “{found[1]}”. A summary comes by the clock: "
            f"daily 09:00. {called}"
        )
    if naming.strays(said):
        raise UserError(
            f"“{said}” speaks of a list and of something else. Say one at a time: a list, with a country if you like (SDN "
            f"China), or a name. {called}"
        )
    if naming.is_anybody(said):
        raise UserError(
            f"“{said}” is nobody in particular: say a list with it (SDN China), a topic or a name. {called}"
        )


def of(kind: str, said: str, place: str = "", *, quoted: bool = False) -> Wish:
    """A wish for something of a kind (empty: left open). Raises UserError where nothing is named, or too much."""
    name = " ".join(said.split())
    if not any(map(str.isalnum, name)):
        raise UserError(_SAY)
    if len(name) > LONGEST_NAME:
        raise UserError(f"What is watched has {LONGEST_NAME} characters at the most; these are {len(name):,}.")
    return Wish(name, kind, place, quoted)


def _placed(rest: str, place: str) -> tuple[str, str]:
    """The words without those that say for whom, and for whom that is."""
    if any(re.fullmatch(words, rest, re.IGNORECASE) for _, words in _PLACES):
        return "", place
    for where, form in _FIRST:
        if found := form.match(rest):
            return rest[found.end() :].strip(), where
    for where, form in _LAST:
        if found := form.search(rest.rstrip(_PARTING)):
            return rest[: found.start()], where
    return rest, place
