"""The texts: complete in English, whole sentences in Chinese, the compiled file up to date."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.translations import PO, compiled, extracted, read_po

ROOT = Path(__file__).resolve().parent.parent
# Worded by the design, comma and all (the opening table).
AS_GIVEN = {
    "数据文件不完整,已原样保留。请从备份恢复。",
    "发现未加密的数据库,拒绝打开。",
    "口令正确,但数据库文件已损坏或与密钥文件不配套。",
}


@cache
def texts() -> tuple[str, ...]:
    return tuple(extracted())


def test_english_is_complete() -> None:
    known = {message.id: message for message in read_po() if message.id}
    missing = [text for text in texts() if text not in known or not known[text].string or known[text].fuzzy]
    assert missing == []


def test_english_has_the_same_places() -> None:
    for message in read_po():
        if message.id:
            places = re.findall(r"{[^}]*}", str(message.id))
            assert sorted(places) == sorted(re.findall(r"{[^}]*}", str(message.string))), message.id


def test_nothing_is_left_over() -> None:
    assert {str(message.id) for message in read_po() if message.id} == set(texts())


def test_compiled_file_is_up_to_date() -> None:
    assert PO.with_suffix(".mo").read_bytes() == compiled()


def test_chinese_marks_are_full_width() -> None:
    half = [text for text in texts() if re.search(r"[\u4e00-\u9fff][,;:?!](?!\d)", text)]
    assert set(half) == AS_GIVEN


def test_no_values_inside_a_translated_text() -> None:
    for path in (ROOT / "stationdesk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
                assert not isinstance(node.args[0], ast.JoinedStr), f"{path.name}:{node.lineno}"
            if isinstance(node, ast.JoinedStr):
                # Before Python 3.12 a text in there is not found, and so stays Chinese.
                calls = (inner for inner in ast.walk(node) if isinstance(inner, ast.Call) and inner.args)
                marked = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("_", "N_")]
                hidden = [call for call in marked if isinstance(call.args[0], ast.Constant)]
                assert not hidden, f"{path.name}:{node.lineno}"
