"""Reads which country a column of a table speaks of: by its code of ISO 3166, of two or three letters, or by its name."""

import re

from bot.errors import UserError
from bot.lists import countries as names
from bot.questions.countries import CHINESE

ANY = ""
"""The country that is not known."""

_ASSIGNED = """
    ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by bz ca cc cd cf cg
    ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl
    gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la
    lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np
    nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv
    sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""

_OTHERS = ("an", "cs", "dd", "eu", "su", "xk", "yu", "zr")
"""Codes in use that are not assigned now: of countries that are no more, of the European Union, of Kosovo."""

_BETWEEN = re.compile("[,;/]")

CODES = frozenset((*_ASSIGNED.split(), *_OTHERS))


def country(said: str) -> str:
    """The two-letter code in small letters, ANY where nothing is said: of a code of two or three letters, of a name in English as
    lists write it, of the usual Chinese ones. Raises UserError for what is none."""
    plain = said.strip()
    code = plain.casefold()
    # Reserved by ISO for those who are used to it.
    code = "gb" if code == "uk" else code
    if code in CODES or code == ANY:
        return code
    found = names.code(plain) or CHINESE.get(plain, "")
    # "Georgia, USA" does not say which of the two is meant.
    if found and len({names.code(part) for part in _BETWEEN.split(plain)} - {ANY}) < 2:
        return found
    raise UserError(f"{plain[:40]!r} is no country: neither a code of ISO 3166, like CN or CHN, nor a name, like China")
