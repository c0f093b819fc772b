"""Fixtures that several rooms' tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import Browser, start_browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real browser for all tests that look at the page."""
    browser = start_browser()
    yield browser
    browser.quit()
