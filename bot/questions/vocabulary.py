"""The words that questions are made of, in English and Chinese; what is not among them may belong to a name."""

import re

_FRAME = """
a about above accused accusation accusations according across actually add added additions affiliated affiliation after again
against ago alias aliases alleged allegation allegations alleges all allow allowed already alright also always am an answer any anybody
anyone anything appear appears approve approved are aren't as ask asked at authority available
background bad ban banned be because been before behind being believe between blacklist blacklisted block blocked both bought
briefing but buy buying by
call called can can't cannot chance change changed changes check checked checking cite citation citations claim claimed claims clean
clear cleared client come comes coming command commands comment commented comments companies company concern concerns confirm
confirmed connected connection connections contest contested could counterparties counterparty cover coverage covered current currently
customer
daily data database dataset datasets date day days deal deals deliver delisted delistings denial denials denied denies deny describe
designated designation detail details did didn't difference different dispute disputed do does doesn't doing don't done
down due dunno during
each either else email enough entity entities ever every everybody everyone everything evidence exactly explain export exporting exposed exposure
far find fine firm firms flag flagged flagging flags for formerly found fresh from
get gets getting give given go goes going gonna good got grounds
had happen happened happening has hasn't have haven't having he hear heard hello help her here hey hi him his hit hits how however
i i'd i'm i've if implicated import in include included info information inform invoice involved involvement is isn't issue issues
it its it's
just
keep kind know known
last lately latest law legal let let's like linked link links list listed listing listings lists load loaded look looking
made make makes making many matter may maybe me mean means mention mentioned might mine more most much must my
name named names need needs new newly news next nice no none not note nothing notice now
of off officially ok okay old on once one ones only open or order ordered other others our out over own owned owner owners owns
paid parent part pay paying payment payments people per percent percentage permission permitted please pls plz possible present
problem problematic problems profile programme program proof provide provided provides providing purchase put
question questions quick quickly quite
r really reason reasons recent recently record recorded records reference references regarding related relation relations
relationship remind removal removals removed repeat report reported reporting reports respond responded response responses
restricted restriction restrictions result results right risk risks risky run
safe said same sanction sanctioned sanctioning sanctions sanctioned say saying says screen screened search searched see seem
seems seen sell selling sell send sent share she ship shipment shipments shipping should show shows side since so sold some somebody
someone something sorry source sources status still stop stuff subsidiaries subsidiary such suggest supplier suppliers supply
supplied supplies supplying sure
talk talking tell thanks thank thx that that's the their theirs them then there there's these they they're thing things think this
those though through to today together told tomorrow tonight too trade transact trouble true trust
u under unsure until up update updated updates updating ur us use used using
vendor verify versus via vs
wanna want wants was wasn't watch we week were weren't what what's whats when where which while who who's whos whole whom whose
why wiki will wire with without won't wondering word work working works would wouldn't
ya yeah yes yesterday yet yo you your you're yours
april august december february january july june march may november october september monday tuesday wednesday thursday friday
saturday sunday month months year years quarter morning evening afternoon
ofac sdn bis 1260h eu uk us usa un
ugh uh um hmm huh nah nope yep yup smth sth tmrw tmr rn tbh imo lmk omg wtf gotcha whatever anyways theres whats hows whys didnt doesnt
dont isnt arent wasnt cant wont havent hasnt shouldnt im ive weve theyre youre gimme lemme kinda cos cuz bc w
под ли кто санкциями санкции санкциях санкций санкция списке список списки списках списков в на есть это что
а и или но да нет не их его ее её они он она мы нам нас вы вам я мне у по за для от до из с со к ко о об при
подскажите подскажи скажите скажи пожалуйста плз пжл проверьте проверь проверить посмотрите посмотри узнать найти найдите
можно нельзя ли платить заплатить оплатить работать торговать как где когда почему зачем сколько какие какой какая каких чей чья
был была было были быть находится числится числятся внес внёс внесли включен включён включена включены внесен внесён внесена
обновлялись обновлялся обновляется обновили компания компании компанию фирма фирмы фирму организация кто-нибудь еще ещё уже сейчас
additions amended amendments applies apply delist delists designations dropped drops kicked long longer number taken entries program programs programmes measure measures newly removes remove
sdns treasury's
urgent asap fyi btw lol idk boss mate guys folks team colleague
"""

FRAME = frozenset(_FRAME.split())

ASKING = frozenset(
    "a about am an and any are as at be by can could did do does for from had has have how i in is it me my no not of on or our please "
    "so tell that the their them they this to us was we were what when where which who why will with would you your ofac sdn bis eu uk "
    "us usa deny denied denies denial says said say claims sources source reasons reason changed changes related supplies supply".split()
)
"""Frame words that are no part of a name even when written with a capital."""


def _misspellings(word: str) -> set[str]:
    """Every word one typing error away: a letter left out, doubled over with another, or changed places with the next."""
    dropped = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    doubled = {word[:i] + word[i] + word[i:] for i in range(len(word))}
    return dropped | swapped | doubled


_OFTEN_MISSPELT = """
about according accused added additions allegation allegations alleged anything anybody background blacklist blacklisted blocked changed changes check
claims coverage companies company connected counterparty denied deny delisted denial designated designation entities entity entries everyone everything evidence exposure
flagged firms formerly information involved listed listing named payment payments please problem programme removals removed profile reason reasons related
relationship reported response sanction sanctioned sanctions sanctioned shipment shipments should something sources source status
subsidiary supplier suppliers supplies supply supplying updated updates vendor where which
"""

MISSPELT = {wrong: word for word in _OFTEN_MISSPELT.split() for wrong in _misspellings(word)} | {
    **dict.fromkeys(("lsit", "liste", "llist"), "list"),
    **dict.fromkeys(("wat", "wats", "waht", "whta"), "what"),
    **dict.fromkeys(("teh", "hte"), "the"),
    **dict.fromkeys(("frims", "firmz"), "firms"),
    **dict.fromkeys(("chineese", "chinise", "chinease", "chinse", "chienese"), "chinese"),
    **dict.fromkeys(("russain", "rusian", "russion"), "russian"),
    **dict.fromkeys(("companys", "comapnies", "compnies", "companie"), "companies"),
    **dict.fromkeys(("vesels", "vessles"), "vessels"),
    **dict.fromkeys(("removels", "remvoed", "removd"), "removed"),
    **dict.fromkeys(("sanctionned", "santioned", "sanctoined"), "sanctioned"),
    **dict.fromkeys(("programm", "progam"), "programme"),
}
"""A common frame word with one typing error → the word."""

SIMPLE = str.maketrans(
    "請問還為麼誰說來處證據認應樣關於詢訴紹現貨匯發單業險點數產嗎們製給對詞實體項體變係與這個曾經過題報導認稱",
    "请问还为么谁说来处证据认应样关于询诉绍现货汇发单业险点数产吗们制给对词实体项体变系与这个曾经过题报导认称",
)
"""Traditional characters of the words below → simplified, one for one."""

HAN_FRAME = re.compile(
    "请问|你好|什么时候|什么项目|什么措施|什么依据|根据什么|百分之|来自|以来|以后|之后|是不是|有没有|是否|能不能|能否|可不可以|可以|我们|你们|他们|它们|被制裁|受到|受制裁|制裁|被列入|列入|被列|上榜|列名|实体清单"
    "|制裁名单|黑名单|名单上|名单|清单上|清单|被点名|点名|被指控|指控|被提及|有风险|风险|有问题|问题|为什么(?!时候|项目|措施|依据)|为何(?!时)|原因|谁说的|谁说|谁|来源|出处|证据|否认|回应|怎么说|怎么样"
    "|如何|关于|查一下|查询|查查|告诉我|介绍|一下|还在|曾经|现在|目前|付款|打款|汇款|发货|交易|合作|做生意|列出|(?<!研究)所有|全部|哪些|哪家|哪|多少|什么|情况|怎么|变化|更新"
    "|之间|关系|有关|同一家公司|同一家|这些|这个|之前|已经|自己|到底|究竟|该公司|这家公司|这家|哪几家"
    "|麻烦|拜托|帮我|帮忙|查下|看看|看下|老板|急着|着急|谢谢|多久|一次|每天|有人知道|知道|客户|供应商|对方|想问|问下"
    "|加入|添加|剔除|何时|哪个项目|哪项|哪些措施|哪种措施|根据哪个项目|新增|移除|移出|除名|还被|最近"
    "|供应|提供|[吗呢么了的被是]"
)
"""Words of Chinese questions, longer ones first where one holds another."""

HAN_EDGES = ("请把给对在有还他它其查向跟从", "上有在吧啊都也要")
"""Characters that are part of the question where a name would begin, and where it would end."""

HAN_INTENTS = (
    ("help", re.compile("^(?:帮助|怎么用|你能做什么)")),
    ("sources", re.compile("来源|出处|证据|谁 ?说")),
    ("denial", re.compile("否认|回应|怎么 ?说")),
    (
        "reasons",
        re.compile(
            "为什么(?!项目|措施|依据)|为何|原因|什么时候|何时|多久|(?:哪个|什么|哪项) ?(?:项目|依据)|根据 ?什么|(?:什么|哪些|哪种) ?措施"
        ),
    ),
    ("relation", re.compile("关系|有关")),
    (
        "changes",
        re.compile(
            "变化|更新|(?:谁|哪些|哪几家|多少) ?.*(?:加入|添加|剔除)|新增|增加了|移除|移出|除名|删除|新列入|修订"
        ),
    ),
    (
        "list",
        re.compile(
            "列出|(?:哪些|谁|哪几家|哪家) ?.*(?:制裁|列入|名单|清单|点名)|(?<!研究)所有|全部|多少 ?(?:家|个|名|艘|架|条)"
            "|(?:名单|清单) ?上? ?有 ?(?:谁|哪些|多少)|(?:制裁|列入|列名) ?了? ?(?:哪些|谁|多少)"
        ),
    ),
    ("coverage", re.compile("有 ?哪些 ?(?:名单|清单|来源)|数据 ?来源")),
    ("topic", re.compile("谁 ?.*(?:供应|提供|出口)|多少")),
    ("profile", re.compile("告诉我|介绍")),
)
"""Intent ← words of a Chinese question; the first that fits counts."""
