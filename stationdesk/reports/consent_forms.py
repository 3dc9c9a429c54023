"""What guardians and children sign (P10): consent, how data are handled, safety of activities, pictures."""

from collections.abc import Iterator, Sequence

from stationdesk.codes import Code, code_list
from stationdesk.i18n import N_, _
from stationdesk.records.child_prints import FormNames
from stationdesk.records.consents import ConsentKind
from stationdesk.records.station import Station
from stationdesk.reports.document import Align, Column, Document, Heading, HeadLine, Part, Row, Space, Table, Text
from stationdesk.reports.records import Cell, card, card_rows

# Read by people who seldom read forms.
_SIZE = 11.5


class ConsentForm(Code):
    """The four forms."""

    CONSENT = "CONSENT", N_("知情同意书")
    PRIVACY = "PRIVACY", N_("个人信息处理告知书")
    SAFETY = "SAFETY", N_("活动安全告知书")
    PORTRAIT = "PORTRAIT", N_("肖像使用同意书")


# The second language: only what is sure, the rest is written by hand in the lines left for it.
_UYGHUR = {
    ConsentForm.CONSENT: "قوشۇلۇش خېتى",
    ConsentForm.PRIVACY: "شەخسىي ئۇچۇرلارنى بىر تەرەپ قىلىش ئۇقتۇرۇشى",
    ConsentForm.SAFETY: "پائالىيەت بىخەتەرلىكى ئۇقتۇرۇشى",
    ConsentForm.PORTRAIT: "سۈرەت ئىشلىتىشكە قوشۇلۇش خېتى",
}
SIGNATURE, DAY = "ئىمزا", "چېسلا"

# What has a form of its own is not asked for twice.
_OWN_FORM = (ConsentKind.PHOTO_PUBLICITY, ConsentKind.ACTIVITY, ConsentKind.OUTING)

_TEXTS: dict[ConsentForm, tuple[str, ...]] = {
    ConsentForm.CONSENT: (
        N_("工作站依照《中华人民共和国未成年人保护法》履行保护职责，法定职责内的工作不以同意为前提，但仍会事先说明。"),
        N_("下列事项由您和孩子自愿决定，不同意不影响孩子得到依法应有的保护和服务。请逐项勾选。"),
        N_("未满14周岁的，由监护人同意；满8周岁的，应听取孩子本人意见；满14周岁的，须由孩子本人同意。"),
        N_("同意可以随时撤回，口头或书面告诉工作站即可；撤回前已经完成的工作不受影响。"),
    ),
    ConsentForm.PRIVACY: (
        N_("一、处理者：{station}，地址：{address}，电话：{phone}。"),
        N_(
            "二、依据：为履行未成年人保护的法定职责所必需；辅导、拍照、录音录像、法定职责以外的提供和参加活动，另行取得同意。"
        ),
        N_("三、目的：建立一人一档、走访关爱、政策帮扶、心理支持、组织活动、统计上报（只报数字，不报姓名）。"),
        N_(
            "四、种类：姓名、性别、出生日期、证件号码、住址、电话、家庭和监护、就学、健康、享受政策等；只收集工作必需的。"
        ),
        N_(
            "五、未满14周岁未成年人的个人信息都是敏感个人信息，工作站有专门的处理规则：加密保存，按岗位限制查看，每次查看、打印、导出都有记录。"
        ),
        N_(
            "六、方式和期限：保存在工作站专用电脑的加密数据库里，不上互联网；保存期限按档案管理规定和本站公示的期限，期满销毁。"
        ),
        N_("七、提供：只在法律规定或您同意时，向民政、公安、教育、卫生健康等部门和协作单位提供必要的内容。"),
        N_("八、您的权利：可以查阅、复制、更正、补充、删除孩子的信息，撤回同意，要求解释；请用上面的电话或到站办理。"),
    ),
    ConsentForm.SAFETY: (
        N_("活动名称：＿＿＿＿＿＿＿＿　时间：＿＿＿＿＿＿＿＿　地点：＿＿＿＿＿＿＿＿"),
        N_("一、请如实告知孩子的过敏、疾病、用药和其他需要照顾的情况：＿＿＿＿＿＿＿＿＿＿。"),
        N_("二、孩子由监护人或监护人书面指定的人接送，签到、签退；其他人来接的，工作站先与监护人核实。"),
        N_("三、请教育孩子听从安排，不擅自离开，不携带刀具、火种和贵重物品；身体不适时不参加。"),
        N_("四、发生意外时，工作站先行救助、立即通知监护人；联系不上而情况紧急的，送往就近医院救治。"),
        N_("五、活动中的照片和录像只用于存档；用于宣传的，另签《肖像使用同意书》。"),
    ),
    ConsentForm.PORTRAIT: (
        N_("一、同意工作站在下列范围内使用孩子的照片、录像：□站内展示　□上级部门材料　□公众号和媒体　□协作单位材料"),
        N_("二、不公布孩子的姓名、住址、学校，不公布受助情形；□要求面部打码　□同意露出面部"),
        N_("三、使用期限：自签署之日起至＿＿＿＿年＿＿月＿＿日；没有填写的，为一年。"),
        N_("四、可以随时撤回；撤回后工作站停止使用，并列出、撤下仍在使用的地方。"),
        N_("五、不同意的，不影响孩子参加活动和得到服务。"),
    ),
}
_MINE = N_("我已阅读（听读）并理解以上内容。")


def consent_form(form: ConsentForm, station: Station, names: FormNames | None = None, *, mark: str = "") -> Document:
    """One form, with the names of a child and its guardian filled in, or empty."""
    filled = names or FormNames()
    values = {"station": station.name, "address": station.address, "phone": station.phone}
    parts: list[Part] = [
        Heading(form.label, 0),
        Text(_UYGHUR[form], 14, Align.CENTER),
        HeadLine(station.name, "", _("档案编号：{number}").format(number=filled.file_no or "＿" * 6)),
        card(card_rows(_people(filled)), empty=True),
        Space(3),
        *(Text(_(text).format(**values), _SIZE) for text in _TEXTS[form]),
        Space(1),
    ]
    if form is ConsentForm.CONSENT:
        parts += [_choices(), Space(2)]
    parts += _second_language()
    parts += [
        Text(_(_MINE), _SIZE, bold=True),
        Space(1),
        signatures((_("监护人"), _("孩子本人"), _("见证人或翻译"), _("经办人"))),
    ]
    title = f"{form.label} {filled.file_no}".strip()
    return Document(title=title, parts=tuple(parts), mark=mark, foot=filled.file_no)


def _people(names: FormNames) -> list[Cell]:
    """Child and guardian; names are long, so each has a row of its own."""
    relations = code_list("relation").labels
    age = _("{age}岁").format(age=names.age) if names.age is not None else ""
    return [
        Cell(_("孩子姓名"), names.child, wide=True),
        Cell(_("年龄"), age),
        Cell(_("与孩子关系"), relations.get(names.relation, "")),
        Cell(_("监护人姓名"), names.guardian, wide=True),
        Cell(_("联系电话"), "", wide=True),
    ]


def _choices() -> Table:
    """Each purpose with its two boxes; a new purpose comes by itself."""
    kinds = [kind for kind in ConsentKind.offered() if kind not in _OWN_FORM]
    columns = (Column(_("事项"), 2), Column(_("监护人"), 1.6, Align.CENTER), Column(_("孩子本人"), 1.6, Align.CENTER))
    choice = _("□同意　□不同意")
    return Table(columns, tuple(Row((kind.label, choice, choice)) for kind in kinds))


def _second_language() -> Iterator[Part]:
    yield Text(_("以上内容的民族语言文字对照（或由＿＿＿＿＿＿口头翻译）："), 9)
    yield Text("＿" * 45)
    yield Text("＿" * 45)
    yield Space(1)


def signatures(people: Sequence[str]) -> Table:
    """Places to sign and to date, headed in both languages."""
    columns = (
        Column("", 1.5, label=True),
        Column(_("签名（{sign}）").format(sign=SIGNATURE), 2.2, Align.CENTER),
        Column(_("日期（{day}）").format(day=DAY), 1.6, Align.CENTER),
    )
    day = _("　　　年　　月　　日")
    return Table(columns, tuple(Row((who, "", day)) for who in people), least_height=26)
