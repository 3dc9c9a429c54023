"""The stores of a desk: the doors to the station file, each imported when first asked for."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from stationdesk.records.access import Actor
from stationdesk.records.calendar import Clock

if TYPE_CHECKING:
    from stationdesk.db.accounts import AccountStore
    from stationdesk.db.activities import ActivityStore
    from stationdesk.db.attachments import AttachmentStore
    from stationdesk.db.audit import AuditStore
    from stationdesk.db.certificates import CertificateStore
    from stationdesk.db.child_exports import ChildExportStore
    from stationdesk.db.child_imports import ChildImportStore
    from stationdesk.db.child_merges import ChildMergeStore
    from stationdesk.db.child_reviews import ChildReviewStore
    from stationdesk.db.children import ChildStore
    from stationdesk.db.contracts import ContractStore
    from stationdesk.db.drafts import DraftStore
    from stationdesk.db.home import HomeStore
    from stationdesk.db.partners import PartnerStore
    from stationdesk.db.rooms import RoomStore
    from stationdesk.db.safety import SafetyStore
    from stationdesk.db.screening import ScreeningStore
    from stationdesk.db.series import SeriesStore
    from stationdesk.db.session_photos import SessionPhotoStore
    from stationdesk.db.session_prints import SessionPrintStore
    from stationdesk.db.sessions import SessionStore
    from stationdesk.db.shifts import ShiftStore
    from stationdesk.db.staff import StaffStore
    from stationdesk.db.station import StationStore
    from stationdesk.db.station_file import OpenStation
    from stationdesk.db.summaries import SummaryStore
    from stationdesk.db.ticking import TickingStore
    from stationdesk.db.volunteer_imports import VolunteerImportStore
    from stationdesk.db.volunteers import VolunteerStore
    from stationdesk.db.work_groups import WorkGroupStore


@dataclass(frozen=True)
class Stores:
    """One store a feature, for one person at one open station; that they are imported late keeps the
    first window fast."""

    opened: "OpenStation"
    actor: Actor
    clock: Clock

    @cached_property
    def station(self) -> "StationStore":
        """Profile, communities, holidays."""
        from stationdesk.db.station import StationStore

        return StationStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def staff(self) -> "StaffStore":
        """The team."""
        from stationdesk.db.staff import StaffStore

        return StaffStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def accounts(self) -> "AccountStore":
        """Who may log in."""
        from stationdesk.db.accounts import AccountStore

        return AccountStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def audit(self) -> "AuditStore":
        """What was done, by whom."""
        from stationdesk.db.audit import AuditStore

        return AuditStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def safety(self) -> "SafetyStore":
        """Safety settings and emergency access."""
        from stationdesk.db.safety import SafetyStore

        return SafetyStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def drafts(self) -> "DraftStore":
        """This person's half-typed forms."""
        from stationdesk.db.drafts import DraftStore

        return DraftStore(self.opened.database, self.actor, self.clock, self.opened.keys)

    @cached_property
    def rooms(self) -> "RoomStore":
        """Rooms and closures."""
        from stationdesk.db.rooms import RoomStore

        return RoomStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def bookings(self) -> "SeriesStore":
        """Bookings, single and in series."""
        from stationdesk.db.series import SeriesStore

        return SeriesStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def children(self) -> "ChildStore":
        """The children: finding, registering, files, coming and leaving."""
        from stationdesk.db.children import ChildStore

        return ChildStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def child_files(self) -> "ChildReviewStore":
        """What is kept of one child, its timeline, and what its facts speak for."""
        from stationdesk.db.child_reviews import ChildReviewStore

        return ChildReviewStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def attachments(self) -> "AttachmentStore":
        """The files kept with a child, and the photo."""
        from stationdesk.db.attachments import AttachmentStore

        return AttachmentStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def child_merges(self) -> "ChildMergeStore":
        """Making two files of one child into one."""
        from stationdesk.db.child_merges import ChildMergeStore

        return ChildMergeStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def child_imports(self) -> "ChildImportStore":
        """Children from a sheet."""
        from stationdesk.db.child_imports import ChildImportStore

        return ChildImportStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def child_exports(self) -> "ChildExportStore":
        """Children into a sheet."""
        from stationdesk.db.child_exports import ChildExportStore

        return ChildExportStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def activities(self) -> "ActivityStore":
        """Activities and whom they are held with."""
        from stationdesk.db.activities import ActivityStore

        return ActivityStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def sessions(self) -> "SessionStore":
        """Sessions of activities."""
        from stationdesk.db.sessions import SessionStore

        return SessionStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def session_photos(self) -> "SessionPhotoStore":
        """Photos of sessions."""
        from stationdesk.db.session_photos import SessionPhotoStore

        return SessionPhotoStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def session_prints(self) -> "SessionPrintStore":
        """What is printed of sessions and activities."""
        from stationdesk.db.session_prints import SessionPrintStore

        return SessionPrintStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def attendance(self) -> "TickingStore":
        """Who signed up for sessions and came."""
        from stationdesk.db.ticking import TickingStore

        return TickingStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def volunteers(self) -> "VolunteerStore":
        """The volunteers."""
        from stationdesk.db.volunteers import VolunteerStore

        return VolunteerStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def volunteer_imports(self) -> "VolunteerImportStore":
        """Volunteers from a sheet."""
        from stationdesk.db.volunteer_imports import VolunteerImportStore

        return VolunteerImportStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def shifts(self) -> "ShiftStore":
        """When volunteers helped."""
        from stationdesk.db.shifts import ShiftStore

        return ShiftStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def screening(self) -> "ScreeningStore":
        """Checks of criminal records and trainings."""
        from stationdesk.db.screening import ScreeningStore

        return ScreeningStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def certificates(self) -> "CertificateStore":
        """Certificates of voluntary service."""
        from stationdesk.db.certificates import CertificateStore

        return CertificateStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def partners(self) -> "PartnerStore":
        """Departments and organisations, and joint work."""
        from stationdesk.db.partners import PartnerStore

        return PartnerStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def work_groups(self) -> "WorkGroupStore":
        """Leading, expert and working group, their meetings and decisions."""
        from stationdesk.db.work_groups import WorkGroupStore

        return WorkGroupStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def contracts(self) -> "ContractStore":
        """Purchased services."""
        from stationdesk.db.contracts import ContractStore

        return ContractStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def home(self) -> "HomeStore":
        """What the home page shows."""
        from stationdesk.db.home import HomeStore

        return HomeStore(self.opened.database, self.actor, self.clock)

    @cached_property
    def summaries(self) -> "SummaryStore":
        """The monthly figures."""
        from stationdesk.db.summaries import SummaryStore

        return SummaryStore(self.opened.database, self.actor, self.clock)
