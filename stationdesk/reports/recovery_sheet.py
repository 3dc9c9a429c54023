"""The printed recovery key, for a sealed envelope."""

from stationdesk.i18n import _
from stationdesk.reports.document import Align, Document, Heading, Space, Text


def recovery_sheet(station: str, username: str, key: str) -> Document:
    """One page with the key in large type and what to do with it."""
    return Document(
        title=_("恢复密钥"),
        parts=(
            Heading(_("恢复密钥"), 0),
            Text(station, 14, Align.CENTER),
            Space(12),
            Text(key, 12.5, Align.CENTER, bold=True),
            Space(12),
            Text(_("站长用户名：{name}").format(name=username), 12),
            Text(_("1. 所有人都忘了口令时，只有它能打开本站数据。"), 12),
            Text(_("2. 请装入信封封好，由站长和街道各存一份，不要放在电脑旁边，不要拍照。"), 12),
            Text(_("3. 数字零写作0，数字一写作1；密钥里没有字母O、I、L、U。"), 12),
        ),
    )
