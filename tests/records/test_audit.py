"""Which fields an action was about: in the words of the forms."""

from stationdesk.records.audit import fields_text


def test_fields_are_told_by_their_labels() -> None:
    assert fields_text("room", "name,capacity") == "功能室名称、容纳人数"
    assert fields_text("room", "name,unknown") == "功能室名称、unknown"
    assert fields_text("summary", "name") == "name"
