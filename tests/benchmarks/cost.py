"""What `kg` costs beside the least that the same work can cost: ratios of CPU time, to be read by people.

    python tests/benchmarks/cost.py [BUILD]

BUILD is a folder with a build (a fresh one of `seeds/` if it is not given). Every figure is the median of RUNS runs of a
whole process, user and system time together."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
RUNS = 5
KG = [sys.executable, "-c", "from kg.cli import main; main()"]
QUESTION = "SELECT ?who ?whom { ?who kg:investedIn ?whom } ORDER BY ?who ?whom"
BARE_QUERY = """
import sys, click, pyoxigraph as ox
store = ox.Store.read_only(sys.argv[1])
prefixes = {"kg": "https://w3id.org/china-germany-kg/ontology#"}
answer = store.query(sys.argv[2], prefixes=prefixes)
sys.stdout.buffer.write(answer.serialize(format=ox.QueryResultsFormat.CSV))
"""
SPACY = "import spacy; spacy.load('en_core_web_sm')"


def cpu(command: list[str]) -> float:
    """Seconds of CPU that a process and its children take, the median of RUNS."""
    return median(_once(command) for _ in range(RUNS))


def _once(command: list[str]) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT, env=environment
    ) as process:
        words = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[-1]}: exit status {process.returncode}\n{words.decode()}")
    return usage.ru_utime + usage.ru_stime


def tell(what: str, cost: float, beside: str, least: float, limit: float) -> None:
    """One line: the ratio, the most that it should be, and the seconds behind it."""
    print(f"{what}: {cost / least:.2f} times '{beside}' (at most {limit}; {cost:.3f} s and {least:.3f} s of CPU)")


def main(arguments: Iterable[str]) -> None:
    """Measure and print."""
    given = list(arguments)
    with tempfile.TemporaryDirectory() as folder:
        build = Path(given[0]).resolve() if given else Path(folder) / "build"
        if not given:
            subprocess.run([*KG, "build", "--output", str(build)], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        tell("kg --help", cpu([*KG, "--help"]), "import click", cpu([sys.executable, "-c", "import click"]), 1.3)
        database = next((build / "store").glob("graphs-*"))
        bare = cpu([sys.executable, "-c", BARE_QUERY, str(database), QUESTION])
        tell("kg query", cpu([*KG, "query", QUESTION, "--output", str(build)]), "a bare script", bare, 1.5)
        if importlib.util.find_spec("spacy") is None or importlib.util.find_spec("en_core_web_sm") is None:
            print("kg build: not compared, because spaCy and its model en_core_web_sm are not installed")
            return
        cost = cpu([*KG, "build", "--output", str(Path(folder) / "again")])
        tell("kg build of the seed", cost, "loading spaCy", cpu([sys.executable, "-c", SPACY]), 1.0)


if __name__ == "__main__":
    main(sys.argv[1:])
