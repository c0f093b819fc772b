"""Tables and lines for people: as wide as the terminal, in its cells, and whole."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len

from kg.tables import cells, wrap, write_rows

COLUMNS = ("id", "name", "type", "country", "claims", "documents", "other_names")
ROWS = (
    ("place:guangdong", "Guangdong", "Place", "CN", "12", "3", "广东省; Canton Province; 广东"),
    ("sector:energy", "energy", "Sector", "", "1", "1", "Energiewirtschaft; 能源; energy industry; energy sector"),
    ("agent:tum", "TU München", "ResearchOrganization", "DE", "1", "1", "Technische Universität München; 慕尼黑工业大学"),
    ("agent:mindray", "Mindray", "Company", "CN", "2", "1", "深圳迈瑞生物医疗电子股份有限公司（版权所有）; 迈瑞医疗"),
    ("sector:vehicles", "intelligent connected vehicles", "Sector", "", "1", "1", "ICV; " * 30 + "last of them"),
)  # fmt: skip


def drawn(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], monkeypatch: pytest.MonkeyPatch, to: int) -> str:
    monkeypatch.setenv("COLUMNS", str(to))
    out = io.StringIO()
    write_rows(columns, rows, "table", out)
    return out.getvalue()


def characters(text: str) -> list[str]:
    return sorted(re.sub(r"[\s─]", "", text))


@pytest.mark.parametrize("columns", [20, 40, 80, 100, 110, 120, 140, 200, 400])
@pytest.mark.parametrize("rows", [ROWS, ROWS[:2], ROWS[:4], ROWS[3:4]])
def test_a_table_is_no_wider_than_the_terminal_and_nothing_is_lost(
    columns: int, rows: tuple[tuple[str, ...], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = drawn(COLUMNS, rows, monkeypatch, columns)
    assert max(map(cell_len, seen.splitlines())) <= columns
    is_table = "─" in seen
    heads = (
        "".join(COLUMNS)
        if is_table
        else "".join(c for row in rows for c, cell in zip(COLUMNS, row, strict=True) if cell)
    )
    assert characters(seen) == characters(heads + "".join("".join(row) for row in rows))


def test_columns_stand_below_each_other_where_characters_are_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = drawn(("name", "place"), (("迈瑞", "深圳"), ("Voith", "Heidenheim")), monkeypatch, 80).splitlines()
    assert lines[2:] == ["迈瑞    深圳", "Voith   Heidenheim"]
    assert lines[1] == "─" * cells(lines[3])


def test_words_stay_whole_where_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = drawn(COLUMNS, ROWS[:3], monkeypatch, 120)
    assert "─" in seen
    for word in ("ResearchOrganization", "Energiewirtschaft;", "Province;", "Universität"):
        assert word in seen


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 10, []),
        (" \n", 10, []),
        ("a  b\nc", 10, ["a  b c"]),
        ("Volkswagen 大众汽车 Aktiengesellschaft", 20, ["Volkswagen 大众汽车", "Aktiengesellschaft"]),
        ("在深圳，德国", 6, ["在深", "圳，德", "国"]),
        ("一汽（长春）", 6, ["一汽", "（长", "春）"]),
        ("a https://example.org/", 10, ["a", "https://ex", "ample.org/"]),
        ("MoU-signing ceremony", 12, ["MoU-signing", "ceremony"]),
    ],
)
def test_lines_end_between_words_or_chinese_characters(text: str, room: int, lines: list[str]) -> None:
    assert wrap(text, room) == lines


def test_what_a_line_begins_with_counts() -> None:
    assert wrap("one two three", 9, "- ", "    ") == ["- one two", "    three"]
