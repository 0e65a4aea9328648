"""Makes any number of realistic names of listed entities, and noisy queries and questions about them.

How: an entity is a firm (55 %), a person (35 %), a vessel or an organization (10 %). Each has a nationality, which has a
pattern (Chinese firms are city + brand + sector + legal form) and word tables. Tables are decks, drawn from by Zipf's law:
the word of rank r is there 1/r as often as the first one, so "Technology" and "Muhammad" are in a good part of all names.
Brands and most family names are put together from syllables, so that they are rare: Chinese ones of two or three pinyin
syllables with their characters, Russian ones in Cyrillic and then romanised, others from openings and endings of their
language. The names of an entity (1 to 6) are its primary one and what a list adds to it: native script (Han, Cyrillic,
Arabic), other legal form, none, other order or spelling, the brand alone (a weak alias), initials.

One seed gives the same names always; the first names of a longer run are those of a shorter one.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TypeAlias

Variants: TypeAlias = Iterator[tuple[str, str]]
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class MadeName:
    """One name of a made entity: the entity's id, the name, its kind, and the kind of entity."""

    id: str
    value: str
    kind: str
    entity_kind: str


def _deck(words: str) -> tuple[str, ...]:
    """Words, commonest first, each as many times as Zipf's law says; an underscore stands for a space."""
    listed = [word.replace("_", " ") for word in words.split()]
    return tuple(word for rank, word in enumerate(listed, 1) for _ in range(round(len(listed) / rank)))


def _pairs(words: str) -> tuple[Pair, ...]:
    """A deck of words that come in two scripts or spellings, joined by `=`."""
    return tuple((one, other) for one, _, other in (word.partition("=") for word in _deck(words)))


HOW_MANY = (1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6)

PINYIN = [
    tuple(one.split("="))
    for one in """hua=华 rui=瑞 xin=信 da=达 ke=科 heng=恒 tai=泰 xin=鑫 sheng=盛 long=隆 hong=宏 yuan=远 tian=天 jin=金 hai=海
    long=龙 xing=兴 de=德 jia=嘉 li=利 an=安 kang=康 wei=威 bo=博 chuang=创 yuan=源 dong=东 fang=方 ming=明 guang=光 xing=星
    yun=云 fei=飞 kai=凯 teng=腾 zhong=中 lian=联 tong=同 tong=通 guo=国 fu=富 chang=昌 jia=佳 mei=美 le=乐 bai=百 wan=万
    yong=永 xiang=祥 shun=顺 fu=福 zheng=正 ya=亚 ou=欧 jing=晶 wei=微 pu=普 nuo=诺 si=思 ao=奥 ai=艾 rui=睿 qi=启 zhi=智
    hui=慧 you=优 lan=蓝 yang=洋 jiang=江 yue=岳 feng=峰 lin=林 sen=森 song=松 bo=柏 yu=玉 zhu=珠 bao=宝 yin=银 ming=铭
    jun=钧 xiang=翔 yu=宇 hang=航 fan=帆 gao=高 sheng=升 cheng=成 he=和 ping=平 shi=仕 lei=雷 chao=超 qiang=强""".split()
]
CITIES = _pairs(
    """Shenzhen=深圳 Beijing=北京 Shanghai=上海 Guangzhou=广州 Wuhan=武汉 Chengdu=成都 Xi'an=西安 Nanjing=南京 Hangzhou=杭州
    Tianjin=天津 Suzhou=苏州 Dalian=大连 Shenyang=沈阳 Qingdao=青岛 Changsha=长沙 Hefei=合肥 Chongqing=重庆 Dongguan=东莞
    Harbin=哈尔滨 Jinan=济南 Zhengzhou=郑州 Ningbo=宁波 Wuxi=无锡 Xiamen=厦门 Yantai=烟台 Luoyang=洛阳 Changchun=长春"""
)
SECTORS = _pairs(
    """Technology=科技 Electronics=电子 Trading=贸易 Industrial=实业 International=国际 Optoelectronics=光电 Machinery=机械
    Information_Technology=信息技术 Equipment=设备 Precision_Instruments=精密仪器 Import_and_Export=进出口 Logistics=物流
    New_Materials=新材料 Semiconductor=半导体 Communications=通信 Energy=能源 Chemical=化工 Aviation=航空 Machine_Tool=机床
    Intelligent_Equipment=智能装备 Shipping=航运 Biotechnology=生物技术 Laser=激光 Microelectronics=微电子 Sensor=传感器
    Aerospace=航天 Petroleum=石油 Supply_Chain=供应链 Software=软件 Metals=金属 Mining=矿业 Shipbuilding=船舶"""
)
CHINESE_FORMS = _pairs(
    """Co.,_Ltd.=有限公司 Co.,_Limited=有限公司 Group_Co.,_Ltd.=集团有限公司 Corporation=股份有限公司
    Limited_Liability_Company=有限责任公司"""
)

LATIN_OF = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэьъё", "abvgdeziyklmnoprstufye", strict=False))
    | {
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "yu",
        "я": "ya",
        "ь": "",
        "ъ": "",
        "ё": "e",
    }
)
RUSSIAN_STARTS = _deck(
    "техно пром строй энерго авиа гидро нефте газ хим металл агро транс электро авто радио вектор рос урал"
)
RUSSIAN_MIDDLES = "ка ве ро ми лу то гра не ди бо се ла тра ко зе фи ра ме ни га до ву ле са пе".split()
RUSSIAN_ENDS = _deck("маш экспорт снаб сервис комплект прибор тех торг ресурс лон тек рис вест нит дар мет вал гон")
RUSSIAN_SECTORS = _pairs(
    """Trading_House=Торговый_дом Plant=Завод Scientific_Production_Enterprise=Научно-производственное_предприятие
    Research_Institute=Научно-исследовательский_институт Design_Bureau=Конструкторское_бюро Shipping_Company=Судоходная_компания
    Machine_Building_Plant=Машиностроительный_завод Construction_Company=Строительная_компания Bank=Банк Shipyard=Судоверфь"""
)
RUSSIAN_FORMS = _pairs("OOO=ООО AO=АО PAO=ПАО LLC=ООО JSC=АО Joint_Stock_Company=Акционерное_общество FGUP=ФГУП")


@dataclass(frozen=True, slots=True)
class Style:
    """How firms of one language are called: syllables of their brands, words before and after these, legal forms long=short."""

    starts: Sequence[str]
    ends: Sequence[str]
    before: Sequence[str]
    sectors: Sequence[str]
    forms: Sequence[Pair]


def _style(starts: str, ends: str, before: str, sectors: str, forms: str) -> Style:
    return Style(starts.split(), ends.split(), _deck(before), _deck(sectors), _pairs(forms))


WESTERN = _style(
    "al bran cor del el fer gan hol in jur kel lor mar nor or pel quin ros sel tor ul ver wen xan zel bre cra dre fla gri stra",
    "dex tech lon mark vex son tis ra nova lyn berg tec mont field cal bit dyne gen mer ric tal van wick zor",
    "Global United North_Atlantic First General Royal Nordic Alpine",
    """Technologies Holdings International Systems Group Trading Electronics Logistics Shipping Industries Aerospace Marine
    Engineering Investments Capital Solutions Energy Maschinenbau Optics Chemicals Semiconductors Pharma Aviation Instruments""",
    "Limited=Ltd GmbH=G.m.b.H. Incorporated=Inc. LLC=L.L.C. S.p.A.=SpA S.A.=SA B.V.=BV AG=A.G. Oy=OY AB=Aktiebolag",
)
TURKISH = _style(
    "ak al bar can dem el gök ha il kar kor mer öz pol sa tek tur uz yıl zir be çe do er gü",
    "san taş pa mak dağ su ev teks kon lar met nur sel tan er kaya soy gün bey",
    "Anadolu Marmara Ege Öz Yeni Doğu",
    """Dış_Ticaret İnşaat Lojistik Makina_Sanayi Elektronik Tekstil Denizcilik Kimya_Sanayi Havacılık Gıda Enerji
    Otomotiv Savunma_Sanayi Metal Madencilik""",
    "Limited_Şirketi=Ltd._Şti. Anonim_Şirketi=A.Ş. Sanayi_ve_Ticaret_Limited_Şirketi=San._Tic._Ltd._Sti.",
)
IRANIAN = _style(
    "ar baz dar far gol ham ira jah kav mah nav pay raz sep shah taz var yas zar pars mehr nik kian sam ro be pe",
    "an ar esh gar in man pad pour sa tab van yar zad mand dis gostar saz kar far nia",
    "Pars Iran Sepehr Aria Kian Tose'e Mehr Qods",
    """Trading Industries Engineering Petrochemical Electronics Shipping_Lines Industrial_Group Exchange Aviation
    Oil_and_Gas Steel Machinery Technology_Development Research_Center Commercial""",
    "Company=Co. PJS_Company=P.J.S. Private_Joint_Stock_Company=PJSC Co._Ltd.=Company_Limited",
)
EMIRATI = _style(
    "ba da fa ha ja ka la ma na ra sa ta wa za al bu gha kha sha qa mu nu ru su",
    "reej hra lil meer noor rim sab tar wan yed deer faq jma kab lam mri rif zan dim",
    "Al Gulf Emirates Al_Noor Royal Arabian",
    """General_Trading Shipping Petroleum Oil_Field_Supplies Exchange Aviation_Services Marine_Services Commodities Electronics
    Holding""",
    "LLC=L.L.C. FZE=F.Z.E. FZCO=FZ-LLC DMCC=D.M.C.C.",
)
INDIAN = _style(
    "aa bha cha dee ga hari ja ku la ma na pra ra shi su ta va ya vi sri kri mo ni an",
    "dev kesh lak man nath pur raj sh tara van veer yam dhan gopal lal mani rath shwar tej ti",
    "Shree Bharat Jai Maa New Hindustan",
    """Enterprises Exports Industries Chemicals Engineering Textiles Electronics Impex Pharmaceuticals Tech_Solutions Overseas
    Polymers Shipping Steels Petrochem Minerals Aviation""",
    "Private_Limited=Pvt._Ltd. Limited=Ltd. LLP=L.L.P.",
)

ARABIC_GIVEN = _pairs(
    """Muhammad=محمد Ahmad=أحمد Ali=علي Hassan=حسن Abdullah=عبدالله Ibrahim=إبراهيم Khalid=خالد Mahmoud=محمود Omar=عمر
    Yusuf=يوسف Hussein=حسين Salim=سليم Abdul_Rahman=عبدالرحمن Mustafa=مصطفى Said=سعيد Tariq=طارق Faisal=فيصل Hamid=حامد
    Nasser=ناصر Walid=وليد Jamal=جمال Adnan=عدنان Rashid=راشد Ismail=إسماعيل Kamal=كمال Bashir=بشير
    Fawzi=فوزي Munir=منير Ziyad=زياد"""
)
ARABIC_ROOTS = [
    tuple(one.split("="))
    for one in """ta=ت ka=ك na=ن ma=م sa=س ha=ح da=د ba=ب ra=ر fa=ف ja=ج za=ز qa=ق sha=ش kha=خ gha=غ wa=و la=ل ti=تي ki=كي ri=ري
    di=دي mu=مو du=دو ru=رو""".split()
]
ARABIC_ENDS = _pairs(
    "riti=ريتي mari=ماري wi=وي bani=باني dadi=دادي jani=جاني rani=راني zi=زي shmi=شمي labi=لبي haydi=حيدي"
)
RESPELT = (("Muhammad", "Mohammed"), ("Yusuf", "Youssef"), ("Al-", "El "), ("zadeh", "zade"), ("oo", "u"), ("ei", "ey"))

RUSSIAN_GIVEN = _deck(
    """Александр Сергей Владимир Андрей Дмитрий Алексей Николай Михаил Игорь Олег Виктор Юрий Евгений Иван Павел Анатолий
    Константин Максим Роман Василий Денис Борис Вадим Руслан Валерий Григорий Леонид Вячеслав Артём Тимур Степан Фёдор"""
)
PATRONYMICS = _deck(
    """Александрович Владимирович Николаевич Иванович Сергеевич Викторович Михайлович Анатольевич Васильевич Юрьевич Алексеевич
    Петрович Андреевич Евгеньевич Дмитриевич Борисович Геннадьевич Павлович Олегович Игоревич Григорьевич Фёдорович"""
)
SURNAME_ENDS = _deck("ов ев ин ский енко ников ченко кин лов")
CHINESE_SURNAMES = _pairs(
    """Wang=王 Li=李 Zhang=张 Liu=刘 Chen=陈 Yang=杨 Huang=黄 Zhao=赵 Wu=吴 Zhou=周 Xu=徐 Sun=孙 Ma=马 Zhu=朱 Hu=胡 Guo=郭
    He=何 Lin=林 Gao=高 Luo=罗 Zheng=郑 Liang=梁 Xie=谢 Song=宋 Tang=唐 Deng=邓 Han=韩 Feng=冯 Cao=曹 Peng=彭 Zeng=曾 Xiao=肖"""
)
KOREAN_SURNAMES = _deck("Kim Ri Pak Choe Jong Kang Jo Yun Jang Rim Han O So Sin Kwon Hwang An Song Ryu Hong")
KOREAN_SYLLABLES = """Chol Il Jong Song Yong Kwang Myong Hyok Su Nam Ho Chang Kyong Guk Jin Un Hak Min Sok Chun Hui Ryong Gyu Hyon
    Thae Chan Kun Man Pyong Won Ung In Tong Sang Ryol Won""".split()
WESTERN_GIVEN = _deck(
    """John Michael David Peter Thomas James Robert Anna Paul Mark Maria Daniel Martin Stefan Andrew Christian Eric Patrick
    Richard Alexander Laura George Frank Simon Julia Philip Henry Claire Anton Edward Karl Oscar Nina Hugo Walter Greta"""
)
WESTERN_FIRSTS = (
    "Al Ber Car Dun El Fal Gar Hal Har Jen Kel Lin Mar Nor Ol Pem Rad Sten Thor Wal Whit Lau Schu Bra Hof".split()
)
WESTERN_LASTS = _deck("son man er berg ton ley ing sen well mann field wood stein ham worth lund thal bach by more")
SPANISH_GIVEN = _deck(
    """José Juan Luis Carlos María Jesús Antonio Miguel Francisco Jorge Manuel Pedro Rafael Fernando Alejandro Ricardo Diego
    Roberto Andrés Sergio Ana Eduardo Raúl Guillermo Héctor Óscar Julio Ramón Iván Ismael Joaquín"""
)
SPANISH_SURNAMES = _deck(
    """García Hernández González Rodríguez López Martínez Pérez Sánchez Ramírez Torres Flores Gómez Díaz Morales Reyes Cruz Ortiz
    Guzmán Castro Vargas Rojas Mendoza Herrera Medina Aguilar Salazar Zambada Beltrán Coronel Félix Quintero Carrillo Arellano
    Ochoa Rincón Caicedo Buitrago Ibarra Ledezma Villareal Urdinola Patiño Zuluaga Echeverri Montoya Arango Piedrahita Ospina
    Lizárraga"""
)
IRANIAN_GIVEN = _deck(
    """Mohammad Ali Hossein Mehdi Reza Hassan Ahmad Amir Saeed Majid Hamid Abbas Mahmoud Mostafa Ebrahim Javad Masoud Behzad
    Davood Farhad Gholamreza Kamran Naser Rahim Sadegh Vahid Yaghoub Bahman Morteza Iraj"""
)
IRANIAN_LASTS = _deck("i zadeh pour nejad ian vand far nia manesh parast khah doost")

SHIP_WORDS = _deck(
    """Star Sea Ocean Pacific Glory Lady Golden Queen Spirit Pride Wind Pearl Hope Ice Dawn Fortune Breeze Eagle Horizon Jade
    Grace"""
)
TOPICS = _deck(
    """Technology Physics Defence Aerospace Electronics Aeronautics Science Optics Nuclear_Energy Materials Chemistry Navigation
    Acoustics Marine_Engineering Cryptography"""
)
BODIES = _deck(
    """Research_Institute_of University_of Ministry_of Academy_of State_Committee_for Foundation_for Institute_of_Applied
    National_Centre_of General_Directorate_of"""
)


def _initials(*words: str) -> str:
    return "".join(
        word[0] for word in " ".join(words).split() if word[0].isalpha() and word not in ("and", "of", "for")
    ).upper()


def chinese_firm(rng: Random) -> Variants:
    """City + brand of two or three syllables + sector + legal form, in Latin and in Han."""
    (city, han_city), (form, han_form) = rng.choice(CITIES), rng.choice(CHINESE_FORMS)
    latin, han = _chinese_brand(rng, 3 if rng.random() < 0.3 else 2)
    sector, han_sector = rng.choice(SECTORS)
    if rng.random() < 0.3:
        more, han_more = rng.choice(SECTORS)
        if more != sector:
            sector, han_sector = f"{more} {sector}", f"{han_more}{han_sector}"
    both = [f"{city} {latin} {sector} {form}", f"{han_city}{han}{han_sector}{han_form}"]
    if rng.random() < 0.2:
        both.reverse()
    yield "primary", both[0]
    yield "alias", both[1]
    yield "weak_alias", latin
    yield "alias", f"{latin} {sector} {form}"
    yield "acronym", _initials(city, latin, sector)
    yield "alias", f"{han_city}{han}"


def _chinese_brand(rng: Random, syllables: int) -> Pair:
    drawn = [rng.choice(PINYIN) for _ in range(syllables)]
    return "".join(one[0] for one in drawn).capitalize(), "".join(one[1] for one in drawn)


def _latin(cyrillic: str) -> str:
    return cyrillic.lower().translate(LATIN_OF).title()


def _russian_brand(rng: Random) -> str:
    drawn = [rng.choice(RUSSIAN_MIDDLES), rng.choice(RUSSIAN_ENDS)]
    if rng.random() < 0.5:
        drawn.insert(0, rng.choice(RUSSIAN_MIDDLES))
    if rng.random() < 0.5:
        drawn.insert(0, rng.choice(RUSSIAN_STARTS))
    return "".join(drawn).capitalize()


def russian_firm(rng: Random) -> Variants:
    """Legal form + sector (mostly) + brand, romanised and in Cyrillic."""
    brand, (form, native_form) = _russian_brand(rng), rng.choice(RUSSIAN_FORMS)
    sector, native_sector = rng.choice(RUSSIAN_SECTORS) if rng.random() < 0.6 else ("", "")
    latin = _latin(brand)
    yield "primary", f"{form} {sector} {latin}".replace("  ", " ")
    yield "alias", f"{native_form} {native_sector} «{brand}»".replace("  ", " ")
    yield "weak_alias", latin
    yield "alias", f"{latin} {sector or 'Company'}"
    yield "alias", brand
    if sector:
        yield "acronym", _initials(form, sector, latin)


def _firm(style: Style) -> Callable[[Random], Variants]:
    """Brand, with a common word before it at times, + sector + legal form."""

    def firm(rng: Random) -> Variants:
        brand = _brand(style, rng)
        if rng.random() < 0.25:
            brand = f"{rng.choice(style.before)} {brand}"
        sector, (long, short) = rng.choice(style.sectors), rng.choice(style.forms)
        yield "primary", f"{brand} {sector} {long}"
        yield "alias", f"{brand} {sector} {short}"
        yield "weak_alias", brand
        yield "alias", f"{brand} {_brand(style, rng)} {sector}"
        yield "acronym", _initials(brand, sector, long)
        yield "alias", f"{brand} {sector}"

    return firm


def _brand(style: Style, rng: Random) -> str:
    middle = rng.choice(style.starts) if rng.random() < 0.4 else ""
    return f"{rng.choice(style.starts)}{middle}{rng.choice(style.ends)}".capitalize()


def _respelt(name: str) -> str:
    for one, other in RESPELT:
        name = name.replace(one, other)
    return name


def arabic_person(rng: Random) -> Variants:
    """Own, father's and grandfather's name + where the family is from."""
    given = [rng.choice(ARABIC_GIVEN) for _ in range(rng.choice((2, 2, 3)))]
    family = [rng.choice(ARABIC_ROOTS), rng.choice(ARABIC_ROOTS), rng.choice(ARABIC_ENDS)][rng.choice((0, 1)) :]
    latin, home = [one[0] for one in given], "Al-" + "".join(one[0] for one in family).capitalize()
    yield "primary", " ".join((*latin, home))
    yield "alias", " ".join((*(one[1] for one in given), "ال" + "".join(one[1] for one in family)))
    yield "alias", f"{latin[0]} {home}"
    yield "alias", _respelt(" ".join((*latin, home))) + ("" if rng.random() < 0.7 else f" {rng.choice(latin)}")
    yield "weak_alias", f"Abu {rng.choice(ARABIC_GIVEN)[0]} {home}"
    yield "alias", f"{home.upper()}, {latin[0]} {latin[1]}"


def russian_person(rng: Random) -> Variants:
    """Given name + patronymic + family name, romanised and in Cyrillic."""
    given, patronymic = rng.choice(RUSSIAN_GIVEN), rng.choice(PATRONYMICS)
    stem = "".join(rng.choice(RUSSIAN_MIDDLES) for _ in range(rng.choice((1, 2, 2)))) + rng.choice("бдзклмнрт")
    family = (stem + rng.choice(SURNAME_ENDS)).capitalize()
    yield "primary", f"{_latin(given)} {_latin(patronymic)} {_latin(family)}"
    yield "alias", f"{family} {given} {patronymic}"
    yield "alias", f"{_latin(given)} {_latin(family)}"
    yield "alias", f"{_latin(family).upper()}, {_latin(given)} {_latin(patronymic)}"
    yield "alias", f"{given} {family}"
    yield "weak_alias", _latin(family)


def chinese_person(rng: Random) -> Variants:
    """Family name + one or two syllables."""
    surname, han_surname = rng.choice(CHINESE_SURNAMES)
    given, han_given = _chinese_brand(rng, rng.choice((1, 2, 2, 2)))
    yield "primary", f"{surname} {given}"
    yield "alias", f"{han_surname}{han_given}"
    yield "alias", f"{given} {surname.upper()}"
    yield "weak_alias", f"{rng.choice(WESTERN_GIVEN)} {surname}"


def korean_person(rng: Random) -> Variants:
    """Family name + two syllables, written in several ways."""
    surname, one, other = rng.choice(KOREAN_SURNAMES), rng.choice(KOREAN_SYLLABLES), rng.choice(KOREAN_SYLLABLES)
    yield "primary", f"{surname} {one} {other}"
    yield "alias", f"{surname.upper()}, {one}-{other.lower()}"
    yield "alias", f"{one} {other} {surname}"


def western_person(rng: Random) -> Variants:
    """Given name, another one or its initial, family name."""
    given, middle = rng.choice(WESTERN_GIVEN), rng.choice(WESTERN_GIVEN)
    second = rng.choice(WESTERN_FIRSTS).lower() if rng.random() < 0.4 else ""
    family = f"{rng.choice(WESTERN_FIRSTS)}{second}{rng.choice(WESTERN_LASTS)}"
    yield "primary", f"{given} {middle} {family}" if rng.random() < 0.4 else f"{given} {family}"
    yield "alias", f"{family.upper()}, {given} {middle[0]}."
    yield "alias", f"{given[0]}. {family}"


def spanish_person(rng: Random) -> Variants:
    """One or two given names + father's and mother's family names."""
    given = " ".join(rng.choice(SPANISH_GIVEN) for _ in range(rng.choice((1, 2))))
    father, mother = rng.choice(SPANISH_SURNAMES), rng.choice(SPANISH_SURNAMES)
    yield "primary", f"{given} {father} {mother}"
    yield "alias", f"{father.upper()} {mother.upper()}, {given}"
    yield "alias", f"{given} {father}"
    yield "weak_alias", f"El {rng.choice(SPANISH_SURNAMES)}"


def iranian_person(rng: Random) -> Variants:
    """Given name, often a second one, + family name with a Persian ending."""
    given = " ".join(rng.choice(IRANIAN_GIVEN) for _ in range(rng.choice((1, 1, 2))))
    family = f"{_brand(IRANIAN, rng)}{rng.choice(IRANIAN_LASTS)}"
    yield "primary", f"{given} {family}"
    yield "alias", f"{family.upper()}, {given}"
    yield "alias", _respelt(f"{given} {family}") + rng.choice(("", " Tehrani", " Isfahani"))
    yield "alias", f"{given[0]}. {family}"


def vessel(rng: Random) -> Variants:
    """One or two words and perhaps a number; the aliases are what she was called under other flags."""
    for kind in ("primary", "alias", "alias", "alias", "weak_alias", "alias"):
        brand = _brand(rng.choice((WESTERN, EMIRATI, IRANIAN, INDIAN)), rng)
        words = [brand, rng.choice(SHIP_WORDS)]
        rng.shuffle(words)
        yield kind, " ".join((*words, *((str(rng.randint(2, 99)),) if rng.random() < 0.3 else ()))).upper()


def organization(rng: Random) -> Variants:
    """Institutes, ministries and universities: common words all, told apart by a number or a place."""
    topic, body, place = rng.choice(TOPICS), rng.choice(BODIES), _brand(rng.choice((WESTERN, IRANIAN, INDIAN)), rng)
    number = f"{rng.randint(4, 99)}th " if rng.random() < 0.3 else ""
    yield "primary", f"{place} {number}{body} {topic}"
    yield "alias", f"{number}{body} {topic}, {place}"
    yield "acronym", _initials(place, body, topic)
    yield "alias", f"{body} {topic} of {place}"


MAKERS: tuple[tuple[str, Callable[[Random], Variants], int], ...] = (
    ("Company", chinese_firm, 20),
    ("Company", russian_firm, 13),
    ("Company", _firm(WESTERN), 9),
    ("Company", _firm(TURKISH), 3),
    ("Company", _firm(IRANIAN), 4),
    ("Company", _firm(EMIRATI), 3),
    ("Company", _firm(INDIAN), 3),
    ("Person", arabic_person, 10),
    ("Person", russian_person, 9),
    ("Person", chinese_person, 3),
    ("Person", korean_person, 2),
    ("Person", western_person, 3),
    ("Person", spanish_person, 4),
    ("Person", iranian_person, 4),
    ("Vessel", vessel, 5),
    ("Organization", organization, 5),
)
"""Kind of entity, what makes its names, and of a hundred entities how many are made by it."""


def make(count: int, seed: int = 1) -> Iterator[MadeName]:
    """`count` names, those of an entity together, the primary one first."""
    return islice(_endless(random.Random(seed)), count)


def _endless(rng: Random) -> Iterator[MadeName]:
    makers = [(kind, maker) for kind, maker, share in MAKERS for _ in range(share)]
    number = 0
    while True:
        number += 1
        entity_kind, maker = rng.choice(makers)
        names: dict[str, str] = {}
        for kind, value in islice(maker(rng), rng.choice(HOW_MANY)):
            names.setdefault(value, kind)
        for value, kind in names.items():
            yield MadeName(f"made:{number}", value, kind, entity_kind)


FORMS = frozenset(
    """co ltd limited llc inc incorporated gmbh corporation company group liability spa sa bv ag oy ab aktiebolag şirketi şti
    sti anonim aş pjs pjsc private joint stock fze fzco fz-llc dmcc pvt llp ooo ao pao jsc fgup ооо ао пао фгуп акционерное
    общество san tic sanayi ve ticaret""".split()
)
LEFT_OUT = frozenset(
    word
    for one in (
        *CITIES,
        *SECTORS,
        *RUSSIAN_SECTORS,
        *ARABIC_GIVEN,
        *((given, "") for given in (*SPANISH_GIVEN, *IRANIAN_GIVEN)),
    )
    for word in one[0].split()
) | {_latin(one) for one in (*RUSSIAN_GIVEN, *PATRONYMICS)}
"""Words that people leave out: a name is still told from others without one."""

_HAN_FORM = re.compile("(集团)?(股份)?有限(责任)?公司$")
_LETTERS = "abcdefghijklmnoprstuvwyz"


def ask(name: str, rng: Random) -> str:
    """What somebody may type who means `name`: one to three of NOISES done to it."""
    words = name.split()
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        words = rng.choice(NOISES)(words, rng)
    return " ".join(words)


def typo(word: str, rng: Random) -> str:
    """A word with one mistyping behind its first letter: a letter left out, doubled, taken for another or for its neighbour."""
    place = rng.randrange(1, len(word) - 1)
    before, here, after = word[:place], word[place], word[place + 1 :]
    other = rng.choice(_LETTERS.replace(here.lower(), ""))
    mistyped = (before + after, before + here + here + after, before + other + after, _swapped(word, place))
    return rng.choice([one for one in mistyped if one != word])


def _swapped(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _without_form(words: list[str], _: Random) -> list[str]:
    rest = [word for word in words if word.casefold().replace(".", "").strip(",()") not in FORMS]
    return [_HAN_FORM.sub("", word) or word for word in rest] or words


def _mistyped(words: list[str], rng: Random) -> list[str]:
    places = [place for place, word in enumerate(words) if len(word) >= 5 and word.isalpha() and word[0] < "\u0500"]
    if not places:
        return words
    place = rng.choice(places)
    return [*words[:place], typo(words[place], rng), *words[place + 1 :]]


def _reordered(words: list[str], rng: Random) -> list[str]:
    cut = rng.randrange(len(words))
    return [*words[cut:], *words[:cut]]


def _lower(words: list[str], _: Random) -> list[str]:
    return [word.lower() for word in words]


def _joined(words: list[str], rng: Random) -> list[str]:
    cut = rng.randrange(len(words))
    return [*words[:cut], "".join(words[cut : cut + 2]), *words[cut + 2 :]]


def _shorter(words: list[str], rng: Random) -> list[str]:
    places = [place for place, word in enumerate(words) if word in LEFT_OUT]
    if len(words) < 3 or not places:
        return words
    gone = rng.choice(places)
    return [*words[:gone], *words[gone + 1 :]]


NOISES: tuple[Callable[[list[str], Random], list[str]], ...] = (
    _without_form,
    _mistyped,
    _reordered,
    _lower,
    _joined,
    _shorter,
)

TAILS = (
    "flagged?",
    "sanctioned now?",
    "on any list?",
    "on the entity list?",
    "flagged by anybody this year?",
    "named on any of the lists?",
    "on any list of the United States?",
    "flagged by anybody in the European Union today?",
)
"""Ends of a question, of one word to eight."""


def question(names: Sequence[str], rng: Random) -> str:
    """A question of ten words, where the names leave room for them, about the first one or two of `names`."""
    asked = " or ".join(" ".join(_without_form(name.split(), rng)[:4]) for name in names[:2])
    left = 10 - 1 - len(asked.split())
    return f"is {asked} {TAILS[min(max(left, 1), len(TAILS)) - 1]}"
