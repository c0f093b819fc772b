"""What `kg extract` costs beside the networks alone and beside spaCy: ratios of CPU time, peak memory, and two jobs.

    python tests/benchmarks/extraction.py [--limit N] [--documents N] [--spacy PYTHON] [--model NAME]

The texts are the English corpus, `tests/corpus/en-*.jsonl`. CPU is user and system time of the process together, without
starting it and loading its model, on every side. What the extraction asks of the networks is recorded and asked of
them again: that is the bare reader. Each document takes its turns at both, so that a busy machine slows both alike."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from cost import KG, ROOT, tell

sys.path.insert(0, str(ROOT))

MEMORY = 1200
"""The most that `kg extract` may take, in MB, however many documents it reads."""
FEW = 100
FIRST = "Voith opened a plant in Kunshan."
"""What every side reads before the clock starts."""
ROUNDS = 3
SPACY = """
import sys, time, spacy
nlp = spacy.load(sys.argv[1])
texts = sys.stdin.read().split(chr(0))
nlp(sys.argv[2])
start = time.process_time()
for text in texts: nlp(text)
print(time.process_time() - start)
"""


@dataclass(slots=True)
class Recorder:
    """A network that remembers what it was asked; whatever its inputs are."""

    session: Any
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def run(self, outputs: Sequence[str] | None, given: Mapping[str, Any]) -> Any:
        """Ask the network."""
        self.asked.append(given)
        return self.session.run(outputs, given)

    def again(self) -> int:
        """Ask all of it once more, and forget it; how often it was asked."""
        for given in self.asked:
            self.session.run(None, given)
        count = len(self.asked)
        self.asked.clear()
        return count


def both(lines: Sequence[str]) -> tuple[float, float, int, int]:
    """Seconds of CPU of extracting from these lines of JSON and of the networks alone; windows, and questions on pairs."""
    from kg.reader import reader as reading

    reader: Any = reading.load()
    recorders = Recorder(reader._encoder), Recorder(reader._pairs)
    reader._encoder, reader._pairs = recorders
    _extract(json.dumps({"id": "first", "text": FIRST}))
    for recorder in recorders:
        recorder.again()
    whole = bare = 0.0
    counts = [0, 0]
    for line in lines:
        start = time.process_time()
        _extract(line)
        between = time.process_time()
        asked = [recorder.again() for recorder in recorders]
        whole, bare = whole + between - start, bare + time.process_time() - between
        counts = [a + b for a, b in zip(counts, asked, strict=True)]
    return whole, bare, counts[0], counts[1]


def _extract(line: str) -> list[str]:
    """What `kg extract` does with a line: read it, extract, write its claims."""
    from kg import pipeline
    from kg.documents.formats import from_json
    from kg.records import claim_record

    claims = pipeline.extract(from_json(line, "corpus", "corpus")).claims
    return [json.dumps(claim_record(claim), ensure_ascii=False) for claim in claims]


def networks(lines: Sequence[str]) -> float:
    """Print what extraction costs beside its networks; its seconds of CPU. Runs in a process of its own, because the
    peak memory of a process that is started counts what the one that starts it holds."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        whole, bare, windows, asked = pool.submit(both, lines).result()
    tell("kg extract", whole, f"its networks alone, {windows} windows and {asked} of pairs", bare, 1.3)
    return whole


def spacy(python: str, model: str, lines: Iterable[str], whole: float) -> None:
    """Print what extraction costs beside spaCy's small model on the same texts."""
    texts = "\0".join(json.loads(line)["text"] for line in lines)
    done = subprocess.run([python, "-c", SPACY, model, FIRST], input=texts, capture_output=True, text=True, check=False)
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1:]
        print(f"kg extract: not compared with spaCy, which cannot load {model} with {python} {why}")
        return
    tell("kg extract", whole, f"{model} parsing the same texts", float(done.stdout), 1.0)


def peak(lines: Iterable[str]) -> float:
    """The most memory (resident set) that `kg extract` takes for these lines through standard input, in MB."""
    command = [*KG, "extract", "-"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words, cwd=ROOT, env=_environment()
        )
        assert process.stdin
        with process.stdin as stdin:
            stdin.writelines(f"{line}\n".encode() for line in lines)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        if process.returncode:
            raise SystemExit(f"kg extract: exit status {process.returncode}\n{words.read().decode()}")
    return usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def many(lines: Sequence[str], number: int) -> Iterator[str]:
    """So many documents: those of the corpus over and over, each time with other ids."""
    for turn, line in enumerate(islice(cycle(lines), number)):
        yield json.dumps({**json.loads(line), "id": f"document-{turn}"}, ensure_ascii=False)


def memory(lines: Sequence[str], number: int) -> None:
    """Print the peak memory for a few documents and for `number`."""
    few, most = peak(many(lines, FEW)), peak(many(lines, number))
    print(f"peak memory: {few:.0f} MB for {FEW} documents, {most:.0f} MB for {number} (at most {MEMORY})")


def jobs(lines: Sequence[str]) -> None:
    """Print how much faster two jobs are than one, by the clock."""
    words = subprocess.run([*KG, "extract", "--help"], cwd=ROOT, env=_environment(), capture_output=True, check=True)
    if b"--jobs" not in words.stdout:
        print("two jobs: not measured, kg extract has no --jobs")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.jsonl"
        file.write_text("\n".join(lines), encoding="utf-8")
        turns = [(_clock(file, 1), _clock(file, 2)) for _ in range(ROUNDS)]
    one, two = median(a for a, _ in turns), median(b for _, b in turns)
    print(f"two jobs: {one / two:.2f} times as fast as one (at least 1.7 on two cores; {os.cpu_count()} here)")


def _clock(file: Path, number: int) -> float:
    start = time.perf_counter()
    command = [*KG, "extract", "--jobs", str(number), str(file)]
    subprocess.run(command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what kg extract costs.")
    parser.add_argument("--limit", type=int, metavar="N", help="time N documents of the corpus only")
    parser.add_argument("--documents", type=int, metavar="N", default=300, help="documents through standard input")
    parser.add_argument("--spacy", metavar="PYTHON", default=sys.executable, help="the interpreter that has spaCy")
    parser.add_argument("--model", metavar="NAME", default="en_core_web_sm", help="the package of spaCy's small model")
    given = parser.parse_args()
    files = sorted((ROOT / "tests" / "corpus").glob("en-*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    timed = lines[:: max(1, len(lines) // given.limit)][: given.limit] if given.limit else lines
    print(f"{len(timed)} documents; CPU without starting and loading, on every side")
    spacy(given.spacy, given.model, timed, networks(timed))
    jobs(timed)
    memory(lines, given.documents)


if __name__ == "__main__":
    main()
