"""The sheet in which a station collects its children: how it is filled in, and a filled line."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from stationdesk.codes import code_list
from stationdesk.i18n import N_, _
from stationdesk.records.categories import Category
from stationdesk.records.child_intake import ASKED, ChildIntake
from stationdesk.records.children import Discovery, HouseholdReg, RecordLevel
from stationdesk.records.enrolments import EntryReason
from stationdesk.records.ids import IdKind, check_digit
from stationdesk.records.people import Sex
from stationdesk.reports.sheets import Template, template_to_xlsx

_NOTES = (
    N_("一行一个孩子，从第2行开始填，最多20000行；带*的列必须填，列的顺序可以变，列名不要改。"),
    N_("只填档案级别到监护人电话这几列的，登记为活动登记；填了其他列的，建一人一档，要填全。"),
    N_("证件号码和电话请按文字填写（这两列已设为文本）；15位的旧身份证号不能用。"),
    N_("只知道出生年份的，出生日期填1月1日，并在“出生日期准确到”里选“到年”。"),
    N_("不要合并单元格，不要写公式；村（社区）、责任社工、儿童主任按程序设置里的名称填写。"),
    N_("更新已有的一人一档时，只更新孩子本人和监护人的内容，空格不改；家庭、类别和纳入信息请到档案里修改。"),
)

_FIRST_17 = "65019920150520002"
_EXAMPLE = ChildIntake(
    record_level=RecordLevel.FULL,
    name="古丽米热·艾山",
    sex=Sex.FEMALE,
    birth_date=date(2015, 5, 20),
    community="某某社区",
    guardian_name="艾山·托合提",
    guardian_relation="父亲",
    guardian_phone="13900000001",
    id_kind=IdKind.RESIDENT_ID,
    id_no=_FIRST_17 + check_digit(_FIRST_17),
    ethnicity="维吾尔族",
    reg_type=HouseholdReg.URBAN,
    reg_address="某街道某路1号",
    residence="某街道某路2号",
    household_address="某街道某路2号",
    household_size=4,
    worker="某某",
    discovered_via=Discovery.SWEEP,
    entered_on=date(2026, 1, 15),
    entry_reason=EntryReason.SWEEP,
    category=Category.POVERTY,
    basis="低保证第1号",
)


def child_template(communities: Sequence[str], staff: Sequence[str], path: Path | BytesIO) -> None:
    """Write the template, with the station's own communities and team to choose from."""
    choices = {
        "ethnicity": tuple(code_list("ethnicity").labels.values()),
        "guardian_relation": tuple(code_list("relation").labels.values()),
        "community": tuple(communities),
        "worker": tuple(staff),
        "director": tuple(staff),
    }
    notes = [_(note) for note in _NOTES]
    template = Template(title=_("儿童名单"), asked=ASKED, notes=notes, example=_EXAMPLE, choices=choices)
    template_to_xlsx(template, path)
