"""What stands over every page with personal data: that it is confidential, who printed it, when, which copy."""

from dataclasses import dataclass
from datetime import datetime

from stationdesk.i18n import _
from stationdesk.records.calendar import long_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """Who prints, when, and the copy's number; `mark` lies across every page (演示)."""

    station: str
    by: str
    at: datetime
    copy: str = ""
    mark: str = ""

    def line(self) -> str:
        """The line over every page (domain §4.8: every print of L3 and above)."""
        when = f"{long_day(self.at.date())}{self.at:%H:%M}"
        parts = [_("内部资料 注意保密"), _("打印人：{name}").format(name=self.by), when]
        if self.copy:
            parts.append(_("份号：{number}").format(number=self.copy))
        return "　".join(parts)
