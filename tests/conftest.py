"""Fixtures that several rooms' tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import Browser, start_browser
from measuring import measure

from kg.evaluation import Report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real browser for all tests that look at the page."""
    browser = start_browser()
    yield browser
    browser.quit()


@pytest.fixture(scope="session")
def measured() -> Report:
    """What extraction reaches on the measuring documents, read once for all tests that ask (about 15 s)."""
    return measure()
