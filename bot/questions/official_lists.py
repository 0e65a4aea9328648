"""How people name official lists and whoever keeps them, in English and Chinese, as data."""

from dataclasses import dataclass

from bot.filters import OfficialList

_NEVER = "(?!)"


@dataclass(frozen=True, slots=True)
class Naming:
    """A list, and the words for it: a pattern of English in small letters, and one of Chinese."""

    list: OfficialList
    english: str
    chinese: str = _NEVER


def _short(*forms: str) -> str:
    """Short forms, which may as well be names of firms: they are lists where the words around say so."""
    either = "|".join(forms)
    return rf"\b(?:{either})(?: sanctions)? lists?\b|(?:(?<=on )|(?<=on the )|(?<=under )|(?<=to the ))(?:{either})\b"


def _keeper(*forms: str) -> str:
    """Names of an authority that may as well be part of other names."""
    either = "|".join(forms)
    return rf"\b(?:{either})(?: \w+)? lists?\b|(?:(?<=by )|(?<=by the )|(?<=did )|(?<=did the ))(?:us )?(?:{either})\b"


_LISTED = "(?:的)?(?:金融|综合)?(?:制裁)?(?:名单|清单|列表)"


def _chinese(*forms: str) -> str:
    either = "|".join(forms)
    return f"(?:{either}){_LISTED}|(?<=被)(?:{either})|(?:{either})(?=制裁|列入|将|把|自|从)"


_OFAC, _BIS, _EU = ("ofac",), ("bis",), ("eu",)
_DEFENSE = ("us department of defense", "dod")
_STATE = ("state department", "us department of state", "ddtc", "isn")
_OTHERS_OF_OFAC = ("non-sdn", "sectoral sanctions", "correspondent account", "evaders", "palestinian legislative")

_CSL = ("csl",)
_NONSDN, _SDN, _US = ("ofac_nonsdn", *_CSL), ("ofac", *_CSL), ("ofac", "ofac_nonsdn", *_CSL)

NAMINGS = (
    Naming(
        OfficialList("CMIC list", _OFAC, ("military-industrial complex",), forms=_NONSDN),
        r"\b(?:ns[ -]?)?cmics?\b(?: list)?|"
        r"(?:non[ -]sdn )?(?:chinese )?military[ -]industrial[ -]complex(?: compan(?:y|ies))?(?: list)?",
        f"(?:中国)?军工(?:复合体)?(?:企业|公司)?{_LISTED}",
    ),
    Naming(
        OfficialList("SSI list", _OFAC, ("sectoral sanctions",), forms=_NONSDN),
        rf"{_short('ssi')}|sectoral sanctions(?: identifications?)?(?: list)?|sectoral list",
        f"行业{_LISTED}",
    ),
    Naming(
        OfficialList("CAPTA list", _OFAC, ("correspondent account",), forms=_NONSDN),
        rf"{_short('capta')}|correspondent accounts?(?: list)?|payable[ -]through accounts?(?: list)?",
    ),
    Naming(
        OfficialList("Foreign Sanctions Evaders List", _OFAC, ("evaders",), forms=_NONSDN),
        rf"{_short('fse')}|(?:foreign )?sanctions? evaders?(?: list)?",
    ),
    Naming(
        OfficialList("Menu-Based Sanctions List", _OFAC, ("menu-based",), forms=_NONSDN),
        rf"{_short('ns-mbs', 'mbs')}|menu[ -]based(?: sanctions)?(?: list)?",
    ),
    Naming(
        OfficialList("non-SDN lists", _OFAC, _OTHERS_OF_OFAC, forms=_NONSDN),
        r"\bnon[ -]?sdns?(?: lists?)?\b|(?:ofac )?consolidated non[ -]?sdn(?: list)?",
        f"非SDN{_LISTED}",
    ),
    Naming(
        OfficialList("SDN list", _OFAC, ("specially designated",), forms=_SDN),
        r"\bsdns?(?: list)?\b|specially designated nationals?(?: and blocked persons)?(?: list)?",
        f"(?<![A-Za-z-])SDN{_LISTED}?|特别指定国民{_LISTED}?",
    ),
    Naming(
        OfficialList("Entity List", _BIS, ("entity list",), forms=_CSL),
        r"\bentit(?:y|ies)[ -]lists?\b",
        "实体(?:清单|名单)",
    ),
    Naming(
        OfficialList("Denied Persons List", _BIS, ("denied persons",), forms=_CSL),
        rf"{_short('dpl')}|denied[ -](?:persons?|part(?:y|ies))(?: list)?",
        f"(?:被拒绝|拒绝交易)(?:人员|人|方)?{_LISTED}",
    ),
    Naming(
        OfficialList("Military End User List", _BIS, ("military end user",), forms=_CSL),
        rf"{_short('meu')}|military[ -]end[ -]users?(?: list)?",
        f"军事?最终用户{_LISTED}?",
    ),
    Naming(
        OfficialList("Unverified List", _BIS, ("unverified",), forms=_CSL),
        rf"{_short('uvl')}|\bunverified list\b",
        f"未(?:经)?(?:核实|验证){_LISTED}",
    ),
    Naming(
        OfficialList("Section 1260H list", (), ("1260h",)),
        r"(?:section )?\b1260 ?h\b(?: list)?|(?:chinese )?military compan(?:y|ies) list",
        f"(?:第)?1260H(?:条)?{_LISTED}?|(?:中国)?(?:涉军|军事)(?:企业|公司){_LISTED}",
    ),
    Naming(
        OfficialList("FCC Covered List", ("fcc",)),
        r"\bfcc(?: covered)? list\b|\bcovered list\b|(?<=by )fcc\b|(?<=by the )fcc\b",
        f"FCC{_LISTED}",
    ),
    Naming(OfficialList("Section 889", (), ("section 889",)), r"(?:ndaa )?section 889\b"),
    Naming(
        OfficialList("AECA Debarred List", (), ("debarred",), forms=_CSL),
        rf"{_short('dtc', 'ddtc', 'aeca', 'itar')}|(?:(?:dtc|ddtc|aeca|itar) )?(?:statutorily )?debarr(?:ed|ment)(?: list)?",
        f"(?:AECA|ITAR|DDTC){_LISTED}",
    ),
    Naming(
        OfficialList("Nonproliferation Sanctions", _STATE, ("nonproliferation",), forms=_CSL),
        rf"{_short('isn')}|\bnon[ -]?proliferation(?: sanctions)?(?: list)?",
        f"(?:防|不)扩散{_LISTED}",
    ),
    Naming(
        OfficialList("Regulation 269/2014", _EU, ("269/2014",)),
        r"(?:(?:eu|council) )*(?:regulation )?(?:eu )?(?:no )?\b269/2014\b",
        "(?:欧盟)?(?:第)?269/2014(?:号)?(?:条例)?",
    ),
    Naming(
        OfficialList("Regulation 833/2014", _EU, ("833/2014",)),
        r"(?:(?:eu|council) )*(?:regulation )?(?:eu )?(?:no )?\b833/2014\b(?: annex iv)?",
        "(?:欧盟)?(?:第)?833/2014(?:号)?(?:条例)?",
    ),
    Naming(
        OfficialList("UN list", ("un",), forms=("un",)),
        r"\bun(?: (?:sanctions |consolidated |security |council )*lists?)?\b|(?:united nations |\bun )?security council"
        r"(?: (?:sanctions |consolidated )*lists?)?|united nations(?: (?:sanctions |consolidated )*lists?)?",
        _chinese("联合国安理会", "联合国", "安理会"),
    ),
    Naming(
        OfficialList("EU lists", _EU, forms=_EU),
        r"\beu(?: (?:financial |consolidated |sanctions? )*lists?)?\b|\beuropean union(?: (?:sanctions? )?lists?)?|"
        + _keeper("brussels"),
        _chinese("欧盟"),
    ),
    Naming(
        OfficialList("UK Sanctions List", ("uk",), forms=("uk",)),
        r"\b(?:uk|ofsi|hmt|fcdo)(?: (?:consolidated |sanctions? )*lists?)?\b|" + _keeper("british", "britain"),
        _chinese("英国"),
    ),
    Naming(
        OfficialList("OFAC lists", _OFAC, forms=_US),
        r"\bofac(?: (?:sanctions? )?lists?)?\b|(?:us )?treasury department|" + _keeper("treasury"),
        f"OFAC{_LISTED}?|{_chinese('美国财政部', '财政部')}",
    ),
    Naming(
        OfficialList("BIS lists", _BIS, forms=_CSL),
        r"\bbis(?: lists?)?\b|commerce department(?: lists?)?|us department of commerce|" + _keeper("commerce"),
        f"BIS{_LISTED}?|{_chinese('美国商务部')}",
    ),
    Naming(
        OfficialList("State Department lists", _STATE, forms=_CSL),
        r"state department(?: lists?)?|us department of state(?: lists?)?",
        _chinese("美国国务院"),
    ),
    Naming(
        OfficialList("Department of Defense lists", _DEFENSE),
        r"(?:us )?department of defen[sc]e(?: lists?)?|defen[sc]e department(?: lists?)?|" + _keeper("pentagon", "dod"),
        _chinese("美国国防部", "五角大楼"),
    ),
    Naming(
        OfficialList("US lists", (*_OFAC, *_BIS, *_STATE, *_DEFENSE, "fcc", "us congress"), forms=_US),
        r"\b(?:us|usa|american) (?:government )?(?:sanctions )?lists?\b|(?:(?<=did )|(?<=did the )|(?<=by the )|(?<=by ))usa?\b",
        _chinese("美国"),
    ),
    Naming(
        OfficialList("your own list", ("own list", "your own list")),
        r"\b(?:own|internal|in-house) lists?\b",
        "(?:自己|自有|内部)的?(?:名单|清单)",
    ),
)
"""The lists; what is longer or closer stands before what it holds."""
