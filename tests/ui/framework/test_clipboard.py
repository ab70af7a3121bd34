"""Blocks of cells as Excel and WPS put them on the clipboard."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.framework.clipboard import cells_of, text_of


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("甲\t乙\r\n丙\t丁\r\n", [["甲", "乙"], ["丙", "丁"]]),
        ('甲\t"第一行\n第二行"\n丙\t', [["甲", "第一行\n第二行"], ["丙", ""]]),
        ('"他说：""好""\n"\t乙', [['他说："好"\n', "乙"]]),
        ('"语文"\t5"', [['"语文"', '5"']]),
        ('"没有收尾\t乙', [['"没有收尾', "乙"]]),
        ("一格", [["一格"]]),
        ("", [[""]]),
        ("\t\n\n乙", [["", ""], [""], ["乙"]]),
    ],
)
def test_cells_as_spreadsheets_copy_them(text, cells):
    assert cells_of(text) == cells


cell = st.text(st.characters(blacklist_characters='"\r', blacklist_categories=("Cs",)), max_size=8)


@given(st.lists(st.lists(cell, min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_is_copied_comes_back(rows):
    assert cells_of(text_of(rows)) == rows


@given(st.lists(st.lists(cell, min_size=2, max_size=4), min_size=1, max_size=5))
def test_it_is_read_as_a_spreadsheet_reads_it(rows):
    written = io.StringIO()
    csv.writer(written, dialect="excel-tab", lineterminator="\n").writerows(rows)
    assert cells_of(written.getvalue()) == rows
