"""What to do with a line of a sheet whose child may have a file already."""

from stationdesk.codes import Code
from stationdesk.i18n import N_


class OnDuplicate(Code):
    """What is done with a line whose child may have a file already."""

    SKIP = "SKIP", N_("跳过这一行")
    UPDATE = "UPDATE", N_("更新已有档案")
    NEW = "NEW", N_("不是同一个孩子，另建档案")
