"""One partner on the screen: what is known of it, whom to ask for, what was done together."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.fields import Described, to_text
from stationdesk.i18n import _
from stationdesk.records.drafts import Draft
from stationdesk.records.partners import AGREEMENT_DAYS, JointItem, Partner, PartnerContact
from stationdesk.ui import look
from stationdesk.ui.child_words import Names
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.page_sections import FileView, place_of
from stationdesk.ui.record_list import Kept, RecordList

_BEGINNING = date(2000, 1, 1)
_IN_HEAD = ("name", "dept", "kind")


@dataclass(frozen=True, slots=True)
class PartnerFile:
    """All that is shown of one partner."""

    partner: Partner
    contacts: tuple[PartnerContact, ...]
    joint: tuple[JointItem, ...]


def read_partner(desk: Desk, partner_id: int) -> PartnerFile:
    """Read it, the latest work first; on the database thread."""
    store = desk.partners
    ids = store.find_joint(_BEGINNING, desk.clock().date(), partner_id)[::-1]
    return PartnerFile(store.load(partner_id), store.contacts(partner_id), store.joint_rows(ids))


def shown_text(_column: Described, value: Any) -> str:
    """A value in a list, as the store gave it: what is not for this person it has masked already."""
    return to_text(value)


class JointList(RecordList):
    """What was done together; `chosen` is sent with the id of what is opened."""

    chosen = Signal(int)

    def open_current(self) -> None:
        """Open it where it was entered."""
        item = self.current()
        if item is not None:
            self.chosen.emit(item.id)


class PartnerView(FileView):
    """One partner; `chosen` is sent with the id of joint work."""

    chosen = Signal(int)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget, *, may: bool) -> None:
        super().__init__(desk, jobs, parent, may=may)
        self.file: PartnerFile | None = None
        self.contacts: RecordList | None = None

    def show_partner(self, file: PartnerFile) -> None:
        """Show what was read."""
        other = self.file is None or self.file.partner.id != file.partner.id
        self.file = file
        partner = file.partner
        self.title.setText(partner.name)
        self.sub.setText(f"{partner.dept.label}  {partner.kind.label}")
        self.notice.setText(_agreement(partner, self.desk.clock().date()))
        self.notice.setVisible(bool(self.notice.text()))
        self.facts.show_record(partner, Names(), hide=_IN_HEAD)
        if other:
            self._make_lists(partner.id or 0)
        if self.contacts is not None:
            self.contacts.show_records(file.contacts, writable=self.may)
            self.joint.show_records(file.joint, writable=False)
        self.show()
        if self._waiting is not None:
            draft, self._waiting = self._waiting, None
            self.reopen(draft)

    def _make_lists(self, partner_id: int) -> None:
        store = self.desk.partners
        contacts = Kept(
            key="contacts",
            title=_("联系人"),
            cls=PartnerContact,
            blank=lambda: PartnerContact(partner_id=partner_id),
            save=store.save_contact,
            remove=store.remove_contact,
            hide=("partner_id",),
            shown=("name", "post", "phone", "is_liaison"),
            empty=_("还没有联系人。登记一位联络员，有事就知道找谁。"),
        )
        joint = Kept(
            key="joint",
            title=_("一起做过的工作"),
            cls=JointItem,
            shown=("day", "matter", "result", "source"),
            empty=_("还没有联合工作。活动里选了这个单位、活动办完，这里就有；其他的请手工登记。"),
        )
        place = f"partners/bodies/{partner_id}"
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * look.UNIT)
        self.contacts = RecordList(self.desk, self.jobs, contacts, self, text=shown_text, place=place)
        self.contacts.changed.connect(self.changed)
        self.joint = JointList(self.desk, self.jobs, joint, self, text=shown_text, place=place)
        self.joint.chosen.connect(self.chosen)
        column.addWidget(self.contacts)
        column.addWidget(self.joint)
        self._inside.replaceWidget(self._lists, box)
        self._lists.hide()
        self._lists.deleteLater()
        self._lists = box

    def clear(self) -> None:
        """Show nothing."""
        self.file = None
        self.hide()

    def reopen(self, draft: Draft) -> None:
        """Show a contact that was typed and not saved, as soon as the partner is there."""
        wanted = place_of(draft)[0]
        if self.contacts is None or self.file is None or str(self.file.partner.id) != wanted:
            self._waiting = draft
        else:
            self.contacts.reopen(draft)


def _agreement(partner: Partner, today: date) -> str:
    """What is to be said of its agreement, "" for nothing."""
    if partner.agreed_to is None or (partner.until is not None and partner.until <= today):
        return ""
    if partner.agreed_to < today:
        return _("合作协议已于{day}到期，请续签，或者改正协议日期。").format(day=partner.agreed_to.isoformat())
    if partner.agreed_to <= today + timedelta(days=AGREEMENT_DAYS):
        return _("合作协议{day}到期，请提前商量续签。").format(day=partner.agreed_to.isoformat())
    return ""
