"""Accounts: who may log in, in which role, and how the account stands."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.fields import Field
from stationdesk.i18n import N_
from stationdesk.records.access import Role
from stationdesk.records.people import PersonName


class AccountState(Code):
    """How an account stands."""

    ACTIVE = "ACTIVE", N_("正常")
    ONE_TIME = "ONE_TIME", N_("待改一次性口令")
    DISABLED = "DISABLED", N_("已停用")


Username = Annotated[
    str,
    Field(
        N_("用户名"),
        max_length=40,
        pattern=r"[\w.·-]+",
        pattern_text=N_("用户名只能用汉字、字母、数字和点、横线，中间不能有空格。"),
    ),
]
AccountRole = Annotated[Role, Field(N_("岗位权限"))]
Holder = Annotated[int, Field(N_("人员"))]
State = Annotated[AccountState, Field(N_("状态"))]
LastLogin = Annotated[datetime, Field(N_("最近登录"))]
PasswordSince = Annotated[date, Field(N_("口令更换日期"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What is typed to let somebody log in."""

    id: int | None = None
    staff_id: Holder = 0
    username: Username = ""
    role: AccountRole = Role.SOCIAL_WORKER


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One line of the list."""

    id: int
    username: Username
    name: PersonName
    role: AccountRole
    state: State
    last_login: LastLogin | None
    password_since: PasswordSince | None


# Without letters and digits that are taken for each other when read from paper.
_PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """A password to be handed over once: three groups of five, 74 bits."""
    return "-".join("".join(secrets.choice(_PLAIN) for _ in range(5)) for _ in range(3))
