"""How people name countries and their nationals, in English and Chinese, with the codes of ISO 3166."""

import re
from collections.abc import Iterator

_COUNTRIES = """
ae: emirati|emirates|united arab emirates|uae|dubai 阿联酋|迪拜
af: afghan|afghani|afghanistan 阿富汗
al: albanian|albania 阿尔巴尼亚
am: armenian|armenia 亚美尼亚
ao: angolan|angola 安哥拉
ar: argentine|argentinian|argentina 阿根廷
at: austrian|austria 奥地利
au: australian|australia 澳大利亚
az: azerbaijani|azerbaijan 阿塞拜疆
ba: bosnian|bosnia 波斯尼亚|波黑
bd: bangladeshi|bangladesh 孟加拉国
be: belgian|belgium 比利时
bg: bulgarian|bulgaria 保加利亚
bh: bahraini|bahrain 巴林
br: brazilian|brazil 巴西
by: belarusian|belarussian|belarus 白俄罗斯
ca: canadian|canada 加拿大
cd: congolese|congo|drc 刚果
cf: central african|central african republic 中非共和国
ch: swiss|switzerland 瑞士
cn: chinese|china|prc|mainland china|mainland chinese 中国|中华人民共和国|中国大陆
co: colombian|colombia 哥伦比亚
cu: cuban|cuba 古巴
cy: cypriot|cyprus 塞浦路斯
cz: czech|czechia|czech republic 捷克
de: german|germany 德国
dk: danish|denmark 丹麦
dz: algerian|algeria 阿尔及利亚
ee: estonian|estonia 爱沙尼亚
eg: egyptian|egypt 埃及
er: eritrean|eritrea 厄立特里亚
es: spanish|spain 西班牙
et: ethiopian|ethiopia 埃塞俄比亚
fi: finnish|finland 芬兰
fr: french|france 法国
gb: british|britain|united kingdom|uk|english 英国
ge: georgian 格鲁吉亚
gn: guinean|guinea 几内亚
gr: greek|greece 希腊
gt: guatemalan|guatemala 危地马拉
hk: hong kong|hongkong|hong kongese 香港
hr: croatian|croatia 克罗地亚
ht: haitian|haiti 海地
hu: hungarian|hungary 匈牙利
id: indonesian|indonesia 印度尼西亚|印尼
ie: irish|ireland 爱尔兰
il: israeli|israel 以色列
in: indian|india 印度
iq: iraqi|iraq 伊拉克
ir: iranian|iran 伊朗
it: italian|italy 意大利
jo: jordanian|jordan 约旦
jp: japanese|japan 日本
ke: kenyan|kenya 肯尼亚
kg: kyrgyz|kyrgyzstan|kyrgyzstani 吉尔吉斯斯坦
kh: cambodian|cambodia 柬埔寨
kp: north korean|north korea|dprk 朝鲜|北韩
kr: south korean|south korea|korean|korea 韩国
kw: kuwaiti|kuwait 科威特
kz: kazakh|kazakhstani|kazakhstan 哈萨克斯坦
la: laotian|lao|laos 老挝
lb: lebanese|lebanon 黎巴嫩
lk: sri lankan|sri lanka 斯里兰卡
lr: liberian|liberia 利比里亚
lt: lithuanian|lithuania 立陶宛
lu: luxembourgish|luxembourg 卢森堡
lv: latvian|latvia 拉脱维亚
ly: libyan|libya 利比亚
ma: moroccan|morocco 摩洛哥
md: moldovan|moldova 摩尔多瓦
me: montenegrin|montenegro 黑山
mh: marshallese|marshall islands 马绍尔群岛
ml: malian|mali 马里
mm: burmese|myanmar|burma 缅甸
mn: mongolian|mongolia 蒙古
mo: macanese|macau|macao 澳门
mt: maltese|malta 马耳他
mx: mexican|mexico 墨西哥
my: malaysian|malaysia 马来西亚
ng: nigerian|nigeria 尼日利亚
ni: nicaraguan|nicaragua 尼加拉瓜
nl: dutch|netherlands|the netherlands|holland 荷兰
no: norwegian|norway 挪威
np: nepali|nepalese|nepal 尼泊尔
nz: new zealand 新西兰
om: omani|oman 阿曼
pa: panamanian|panama 巴拿马
ph: filipino|philippine|philippines|the philippines 菲律宾
pk: pakistani|pakistan 巴基斯坦
pl: polish|poland 波兰
ps: palestinian|palestine 巴勒斯坦
pt: portuguese|portugal 葡萄牙
qa: qatari|qatar 卡塔尔
ro: romanian|romania 罗马尼亚
rs: serbian|serbia 塞尔维亚
ru: russian|russia|russian federation 俄罗斯|俄国
sa: saudi|saudi arabian|saudi arabia 沙特阿拉伯|沙特
sd: sudanese|sudan 苏丹
se: swedish|sweden 瑞典
sg: singaporean|singapore 新加坡
si: slovenian|slovenia 斯洛文尼亚
sk: slovak|slovakia 斯洛伐克
so: somali|somalian|somalia 索马里
ss: south sudanese|south sudan 南苏丹
sv: salvadoran|el salvador 萨尔瓦多
sy: syrian|syria 叙利亚
th: thai|thailand 泰国
tj: tajik|tajikistan 塔吉克斯坦
tm: turkmen|turkmenistan 土库曼斯坦
tn: tunisian|tunisia 突尼斯
tr: turkish|turkey|turkiye|türkiye 土耳其
tw: taiwanese|taiwan 台湾
ua: ukrainian|ukraine 乌克兰
us: american|us|usa|united states|the united states|america 美国
uz: uzbek|uzbekistan|uzbekistani 乌兹别克斯坦
ve: venezuelan|venezuela 委内瑞拉
vn: vietnamese|vietnam 越南
ye: yemeni|yemen 也门
za: south african|south africa 南非
zw: zimbabwean|zimbabwe 津巴布韦
"""


def _codes(script: int) -> Iterator[tuple[str, str]]:
    for line in _COUNTRIES.strip().splitlines():
        code, _, names = line.partition(": ")
        parts = names.rpartition(" ")
        yield from ((name, code) for name in parts[script].split("|"))


ENGLISH = dict(_codes(0))
"""Word in small letters → code."""

CHINESE = dict(_codes(2))
"""Word → code."""


NATIONALS = {code: word.title() for word, code in reversed(ENGLISH.items())}
"""Code → what is of that country is called: `Chinese`."""


def either(names: dict[str, str]) -> str:
    """A pattern of these words, longer ones first."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
