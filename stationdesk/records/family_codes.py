"""The short lists of family records (domain §3.4)."""

from stationdesk.codes import Code
from stationdesk.i18n import N_


class PovertyKind(Code):
    """Why a family is poor."""

    DIBAO = "DIBAO", N_("最低生活保障")
    TEKUN = "TEKUN", N_("特困供养")
    DIBAO_EDGE = "DIBAO_EDGE", N_("低保边缘")
    RIGID = "RIGID", N_("刚性支出困难")
    MONITORED = "MONITORED", N_("防返贫监测")
    SUDDEN = "SUDDEN", N_("突发困难")
    OTHER = "OTHER", N_("其他")


class GuardianKind(Code):
    """Who guards a child, and how it came to it."""

    PARENTS = "PARENTS", N_("父母双方")
    FATHER = "FATHER", N_("父亲")
    MOTHER = "MOTHER", N_("母亲")
    GRANDPARENTS = "GRANDPARENTS", N_("祖父母")
    MATERNAL_GP = "MATERNAL_GP", N_("外祖父母")
    SIBLING = "SIBLING", N_("兄姐")
    OTHER_KIN = "OTHER_KIN", N_("其他亲属")
    APPOINTED = "APPOINTED", N_("指定监护人")
    ENTRUSTED = "ENTRUSTED", N_("受委托照护人")
    FOSTER = "FOSTER", N_("寄养家庭")
    STATE = "STATE", N_("民政部门")
    VILLAGE = "VILLAGE", N_("村（居）委会")
    NONE = "NONE", N_("无人监护")


class CareRating(Code):
    """How well somebody cares for a child."""

    GOOD = "GOOD", N_("较好")
    FAIR = "FAIR", N_("一般")
    POOR = "POOR", N_("差")


class ParentState(Code):
    """What has become of a father or a mother."""

    HEALTHY = "HEALTHY", N_("健康")
    MINOR_DISABLED = "MINOR_DISABLED", N_("一般残疾")
    SEVERE_DISABLED = "SEVERE_DISABLED", N_("重残（一、二级或三、四级精神/智力）")
    SERIOUS_ILL = "SERIOUS_ILL", N_("重病")
    DEAD = "DEAD", N_("死亡")
    DECLARED_DEAD = "DECLARED_DEAD", N_("宣告死亡")
    DECLARED_MISSING = "DECLARED_MISSING", N_("宣告失踪")
    IN_CUSTODY = "IN_CUSTODY", N_("服刑在押")
    DRUG_REHAB = "DRUG_REHAB", N_("强制隔离戒毒")
    OTHER_RESTRAINT = "OTHER_RESTRAINT", N_("其他限制人身自由措施")
    LOST_CONTACT = "LOST_CONTACT", N_("失联")
    REVOKED = "REVOKED", N_("被撤销监护资格")
    DEPORTED = "DEPORTED", N_("被遣送（驱逐）出境")
    AWAY_WORK = "AWAY_WORK", N_("长期外出务工")
    LEFT_HOME = "LEFT_HOME", N_("离家出走")
    NOT_FULFILLING = "NOT_FULFILLING", N_("不履行监护抚养责任")
    COMMUNITY_CORRECTION = "COMMUNITY_CORRECTION", N_("社区矫正")
    REMARRIED = "REMARRIED", N_("再婚分居")
    UNKNOWN = "UNKNOWN", N_("不详")


DEAD = (ParentState.DEAD, ParentState.DECLARED_DEAD, ParentState.DECLARED_MISSING)
# States that keep a parent from bringing up a child, and those of them that must have lasted six months.
RESTRAINED = (
    ParentState.SEVERE_DISABLED,
    ParentState.SERIOUS_ILL,
    ParentState.IN_CUSTODY,
    ParentState.DRUG_REHAB,
    ParentState.OTHER_RESTRAINT,
    ParentState.LOST_CONTACT,
    ParentState.REVOKED,
    ParentState.DEPORTED,
)
TERMED = (
    ParentState.IN_CUSTODY,
    ParentState.DRUG_REHAB,
    ParentState.OTHER_RESTRAINT,
    ParentState.LOST_CONTACT,
)


class FamilyType(Code):
    """What kind of family it is."""

    TWO_PARENT = "TWO_PARENT", N_("双亲")
    SINGLE_DIV = "SINGLE_DIV", N_("离异单亲")
    SINGLE_DEATH = "SINGLE_DEATH", N_("丧偶单亲")
    SINGLE_UNWED = "SINGLE_UNWED", N_("未婚单亲")
    BLENDED = "BLENDED", N_("重组")
    SKIP_GEN = "SKIP_GEN", N_("隔代")
    KIN = "KIN", N_("亲属代养")
    FOSTER = "FOSTER", N_("寄养")
    CHILD_HEADED = "CHILD_HEADED", N_("无成年人")
    OTHER = "OTHER", N_("其他")


class Housing(Code):
    """How a family lives."""

    OWN_RURAL = "OWN_RURAL", N_("农村自建房")
    OWN_CITY = "OWN_CITY", N_("自购房")
    PUBLIC_RENT = "PUBLIC_RENT", N_("公租/廉租房")
    RENT = "RENT", N_("租房")
    RELATIVE = "RELATIVE", N_("借住")
    DORM = "DORM", N_("单位/工棚")
    UNSAFE = "UNSAFE", N_("危旧房")
    OTHER = "OTHER", N_("其他")


class IncomeSource(Code):
    """What a family lives on."""

    WAGE = "WAGE", N_("打工收入")
    FARM = "FARM", N_("种养殖业")
    GOV = "GOV", N_("政府救助")
    KIN = "KIN", N_("亲朋接济")
    OTHER = "OTHER", N_("其他")


class Health(Code):
    """How somebody is."""

    HEALTHY = "HEALTHY", N_("健康")
    DISABILITY = "DISABILITY", N_("残疾")
    SERIOUS_ILLNESS = "SERIOUS_ILLNESS", N_("重病")
    CHRONIC = "CHRONIC", N_("慢性病")
    OTHER = "OTHER", N_("其他")
