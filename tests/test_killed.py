"""What a kill leaves: real processes, real databases, a hundred random moments."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed processes are forks")
def test_a_kill_at_any_moment_loses_nothing_that_was_reported_and_leaves_nothing_half(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS.parent), str(TESTS)))}
    command = [sys.executable, str(TESTS / "killing.py"), str(tmp_path), "100", "5"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    builds, puts = map(int, done.stdout.split())
    assert builds > 30, "too few builds were killed while they were at work"
    assert puts > 20, "too few documents were stored before the kill"
