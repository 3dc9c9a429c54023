"""The recovery key on paper: whole on one line, for it is copied by hand."""

import pypdfium2

from stationdesk.db.keyring import new_recovery_key
from stationdesk.reports.pdf import to_pdf
from stationdesk.reports.recovery_sheet import recovery_sheet


def test_the_key_stands_on_one_line() -> None:
    for _ in range(5):
        key = new_recovery_key()
        pdf = pypdfium2.PdfDocument(to_pdf(recovery_sheet("甲区乙街道未成年人保护工作站", "zhan", key)).data)
        assert key in pdf[0].get_textpage().get_text_range()
        pdf.close()


def test_the_widest_key_fits() -> None:
    key = "-".join(["WMWMW"] * 7)
    pdf = pypdfium2.PdfDocument(to_pdf(recovery_sheet("站", "zhan", key)).data)
    assert key in pdf[0].get_textpage().get_text_range()
    pdf.close()
