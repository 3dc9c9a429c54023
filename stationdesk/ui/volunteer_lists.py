"""Checks and trainings of one person, of the team or a volunteer: the two lists and their forms."""

from decimal import Decimal
from typing import Any

from stationdesk.desk import Desk
from stationdesk.fields import Described, to_text
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.screening import CheckResult, ScreeningCheck, Training
from stationdesk.ui.forms import RecordForm
from stationdesk.ui.record_list import Kept

_WHOSE = ("staff_id", "volunteer_id")


def checks_kept(desk: Desk, *, staff_id: int | None = None, volunteer_id: int | None = None) -> Kept:
    """从业查询."""
    today = desk.clock().date()
    return Kept(
        key="checks",
        title=_("从业查询"),
        cls=ScreeningCheck,
        blank=lambda: ScreeningCheck(staff_id=staff_id, volunteer_id=volunteer_id, queried_on=today),
        save=desk.screening.save_check,
        prepare=_warn,
        hide=_WHOSE,
        empty=_("还没有查询过。没有12个月内“无记录”的查询，不能安排接触未成年人的工作。"),
    )


def trainings_kept(desk: Desk, *, staff_id: int | None = None, volunteer_id: int | None = None) -> Kept:
    """培训."""
    today = desk.clock().date()
    return Kept(
        key="trainings",
        title=_("培训"),
        cls=Training,
        blank=lambda: Training(staff_id=staff_id, volunteer_id=volunteer_id, day=today),
        save=desk.screening.save_training,
        remove=desk.screening.remove_training,
        hide=_WHOSE,
        empty=_("还没有培训记录。志愿者第一次服务前要先培训。") if volunteer_id else _("还没有培训记录。"),
    )


def may_screen(desk: Desk) -> bool:
    """Whether the person may enter checks; the store decides, this shows the buttons."""
    return desk.actor.may(Right.SCREEN) and not desk.read_only


def may_train(desk: Desk) -> bool:
    """Whether the person may enter trainings."""
    return desk.actor.may(Right.EDIT_VOLUNTEERS) and not desk.read_only


def line_text(column: Described, value: Any) -> str:
    """A value in one of the lists; whose it is need not be said in each line."""
    if isinstance(value, Decimal):
        return f"{value:.{column.field.places}f}"
    return "" if column.name in _WHOSE else to_text(value)


def _warn(form: RecordForm) -> None:
    """What is chosen once is never taken back: it is said before it is saved."""
    result = form.editor("result")

    def follow() -> None:
        hit = result.value() is CheckResult.HIT
        text = _("保存以后不能改成别的结果，这个人不能再安排接触未成年人的工作。")
        form.say_under("result", text if hit else "", wrong=hit)

    result.changed.connect(follow)
