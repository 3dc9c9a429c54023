"""How the station guards its data: when it locks, what a password must be, where second backups go."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.calendar import new_uuid

LockMinutes = Annotated[
    int, Field(N_("多久不用自动锁定"), minimum=1, maximum=60, unit=N_("分钟"), hint=N_("离开座位时也可以按 Ctrl+L。"))
]
StrictPasswords = Annotated[
    bool,
    Field(
        N_("按等级保护要求管理口令"),
        hint=N_("打开后：新口令要含字母、数字和其他字符中的三类，不能与最近5次相同，满180天提醒更换。"),
    ),
]
SecondFolder = Annotated[
    str,
    Field(
        N_("第二备份位置"),
        max_length=400,
        hint=N_("最好是另一块硬盘上的文件夹。每次自动备份后会再存一份到这里。"),
    ),
]

REMIND_DAYS = 180
BACKUP_EVERY = timedelta(hours=4)
BACKUP_SAVES = 50
STICK_DAYS, STICK_LATE_DAYS = 7, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """The station's own safety settings; one record a station."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    lock_minutes: LockMinutes = 5
    strict_passwords: StrictPasswords = False
    second_folder: SecondFolder | None = None
    version: int = 0


def backup_is_due(last: datetime | None, now: datetime, saves: int) -> bool:
    """Whether an automatic backup is to be made: none yet today, four hours old, or fifty saves old.

    A last backup from the future (the clock was set back) counts as old.
    """
    if last is None or last > now:
        return True
    return last.date() < now.date() or now - last >= BACKUP_EVERY or saves >= BACKUP_SAVES


def stick_days(last: datetime | None, founded: datetime, now: datetime) -> int:
    """Whole days since the last copy went out of the PC, or since the station was founded."""
    return max(0, (now - (last or founded)).days)
