"""The sheet in which a station collects its volunteers: how it is filled in, and a filled line."""

from datetime import date
from io import BytesIO
from pathlib import Path

from stationdesk.i18n import N_, _
from stationdesk.records.ids import IdKind, check_digit
from stationdesk.records.people import Sex
from stationdesk.records.volunteer_intake import ASKED, VolunteerIntake
from stationdesk.records.volunteers import Language, VolunteerWork
from stationdesk.reports.sheets import Template, template_to_xlsx

_NOTES = (
    N_("一行一位志愿者，从第2行开始填；带*的列必须填，列的顺序可以变，列名不要改。"),
    N_("填了18位身份证号的，性别和出生日期可以不填；没有身份证号的必须填。"),
    N_("填了注册日期的登记为“在册”，没有填的登记为“已申请”。"),
    N_("未满18周岁的，取得监护人书面同意后，“监护人同意”填“是”，否则不能导入。"),
    N_("从业查询和培训不从表格导入：导入以后请在程序里登记，登记好才能安排服务。"),
    N_("证件号码和电话请按文字填写（这两列已设为文本）；不要合并单元格，不要写公式。"),
)
_FIRST_17 = "65019920000301002"
_EXAMPLE = VolunteerIntake(
    name="古丽米热·艾山",
    sex=Sex.FEMALE,
    id_kind=IdKind.RESIDENT_ID,
    id_no=_FIRST_17 + check_digit(_FIRST_17),
    birth_date=date(2000, 3, 1),
    phone="13900000001",
    organisation="某某志愿服务队",
    skills=(VolunteerWork.TUTOR, VolunteerWork.TRANSLATE),
    languages=(Language.MANDARIN, Language.UYGHUR),
    guardian_consent=False,
    insured_until=date(2027, 1, 31),
    joined_on=date(2026, 1, 15),
)


def volunteer_template(path: Path | BytesIO) -> None:
    """Write the template."""
    notes = [_(note) for note in _NOTES]
    template_to_xlsx(Template(title=_("志愿者名单"), asked=ASKED, notes=notes, example=_EXAMPLE), path)
