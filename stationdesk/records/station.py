"""The station itself, and the villages and communities it serves."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.calendar import DEFAULT_HOURS, WeekHours, new_uuid


class OperationMode(Code):
    """How the station is run."""

    GOV_DIRECT = "GOV_DIRECT", N_("政府直接管理")
    GOV_THIRD_PARTY = "GOV_THIRD_PARTY", N_("政府+第三方")


_DIVISION = N_("行政区划代码应是9位数字（到乡镇、街道一级）。")

StationName = Annotated[str, Field(N_("工作站全称"), max_length=80, hint=N_("如：某某区某某街道未成年人保护工作站"))]
DivisionCode = Annotated[
    str, Field(N_("行政区划代码"), max_length=9, pattern=r"\d{9}", pattern_text=_DIVISION, hint=N_("9位数字"))
]
CityName = Annotated[str, Field(N_("市（州、地区）"), max_length=40)]
DistrictName = Annotated[str, Field(N_("区（县）"), max_length=40)]
TownshipName = Annotated[str, Field(N_("乡镇（街道）"), max_length=40)]
Address = Annotated[str, Field(N_("地址"), max_length=120)]
Hotline = Annotated[str, Field(N_("求助电话"), max_length=20)]
EstablishedOn = Annotated[date, Field(N_("成立日期"))]
Area = Annotated[Decimal, Field(N_("场地面积"), minimum=Decimal(1), maximum=Decimal(99999), unit="㎡")]
Mode = Annotated[OperationMode, Field(N_("运行模式"))]
MinorsPopulation = Annotated[int, Field(N_("辖区未成年人数"), minimum=0, maximum=999999, unit="人")]
FeatureName = Annotated[str, Field(N_("一站一特色"), max_length=40)]
FeatureText = Annotated[str, Field(N_("特色说明"), max_length=800, multiline=True)]
OpeningHours = Annotated[WeekHours, Field(N_("开放时间"))]
ReportDueDay = Annotated[int, Field(N_("月报报送日"), minimum=1, maximum=15, unit="日", hint=N_("下月几日前报送"))]
CutoffDay = Annotated[
    int, Field(N_("报告期截止日"), minimum=1, maximum=31, unit="日", hint=N_("31表示到月末；有的区县到25日"))
]
HeadRef = Annotated[int, Field(N_("站长"))]
SupervisorRef = Annotated[int, Field(N_("儿童督导员"))]
LawDeputyRef = Annotated[int, Field(N_("法治副站长"))]
GuaranteesNote = Annotated[str, Field(N_("人员、资金、场所、制度保证自查"), max_length=800, multiline=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """The one station of this PC (domain §2.1)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    name: StationName = ""
    division_code: DivisionCode = ""
    city_name: CityName = ""
    district_name: DistrictName = ""
    township_name: TownshipName = ""
    address: Address = ""
    phone: Annotated[str, Field(N_("办公电话"), max_length=20)] = ""
    hotline: Hotline | None = None
    established_on: EstablishedOn | None = None
    area: Area | None = None
    mode: Mode = OperationMode.GOV_DIRECT
    head_id: HeadRef | None = None
    supervisor_id: SupervisorRef | None = None
    law_deputy_id: LawDeputyRef | None = None
    minors_population: MinorsPopulation | None = None
    feature_name: FeatureName | None = None
    feature_text: FeatureText | None = None
    guarantees_note: GuaranteesNote | None = None
    hours: OpeningHours = DEFAULT_HOURS
    report_due_day: ReportDueDay = 5
    cutoff_day: CutoffDay = 31


CommunityName = Annotated[str, Field(N_("村（社区）名称"), max_length=40)]
CommunityCode = Annotated[
    str, Field(N_("代码"), max_length=12, pattern=r"\d{12}", pattern_text=N_("村（社区）代码应是12位数字，可以不填。"))
]
DirectorRef = Annotated[int, Field(N_("儿童主任"))]
MinorsCount = Annotated[int, Field(N_("未成年人数"), minimum=0, maximum=99999, unit="人")]
GridNote = Annotated[str, Field(N_("网格说明"), max_length=400, multiline=True)]
IsActive = Annotated[bool, Field(N_("启用"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A village or community; one no longer served is switched off, never deleted."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    name: CommunityName = ""
    code: CommunityCode | None = None
    director_id: DirectorRef | None = None
    minors_count: MinorsCount | None = None
    grid_note: GridNote | None = None
    active: IsActive = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRow:
    """A line of the list of communities."""

    id: int
    name: CommunityName
    code: CommunityCode | None
    director_name: Annotated[str, Field(N_("儿童主任"))] | None
    minors_count: MinorsCount | None
    active: IsActive
