"""The page against stock pyvis on the same graphs: how long it takes to build, to open and to pan, and how large it is.

Run: python tests/benchmarks/page.py [SIZE]... [--stock SIZE]... [--rounds N]. It needs Chromium and its driver. A graph
has heavy-tailed degrees (each new node links to earlier ones in proportion to their links), 2.3 claims a node and a
sentence of its own for each. Times are medians; 'frame' is the main thread's work for one frame while the mouse drags
the picture, as the median and the 95th percentile of the frames."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import WIDE, Browser, start_browser  # noqa: E402
from selenium.common.exceptions import TimeoutException  # noqa: E402

from kg.model import Argument, Claim, Document, Entity, EntityType, Evidence, Facts, Status  # noqa: E402
from kg.view import render_page  # noqa: E402

SIZES, STOCK = (100, 1000, 5000, 20000), (100, 1000)
CLAIMS_PER_NODE = 2.3
STOCK_LIMIT = 180
"""Seconds after which a stock page counts as not drawn."""
RELATIONS = ("cooperatesWith", "investedIn", "suppliesTo", "signedMoU", "basedIn")
WORDS = (
    "the",
    "partners",
    "will",
    "build",
    "a",
    "plant",
    "for",
    "parts",
    "of",
    "electric",
    "cars",
    "and",
    "train",
    "staff",
)

FIRST_FRAME = """
const began = performance.timeOrigin;
(function look() {
  if (window.kg) requestAnimationFrame(() => setTimeout(() => { window.firstFrame = Date.now() - began; }));
  else requestAnimationFrame(look);
})();"""
"""Runs before the page: the time from the start of its loading to the end of the first frame with the network in it."""
STOCK_FRAME = """
const began = performance.timeOrigin;
const timer = setInterval(() => {
  const canvas = document.querySelector("#mynetwork canvas");
  if (!canvas || !canvas.width) return;
  const small = document.createElement("canvas"), ctx = small.getContext("2d");
  [small.width, small.height] = [60, 60];
  ctx.drawImage(canvas, 0, 0, 60, 60);
  if (!ctx.getImageData(0, 0, 60, 60).data.some((byte) => byte)) return;
  clearInterval(timer);
  window.firstFrame = Date.now() - began;
}, 50);"""
FRAMES = """
window.frames_ = [];
const channel = new MessageChannel();
let start = 0;
channel.port1.onmessage = () => { window.frames_.push(performance.now() - start); };
(function frame() {
  requestAnimationFrame(frame);
  start = performance.now();
  channel.port2.postMessage(0);
})();"""


def network(nodes: int, seed: int = 7) -> Facts:
    """A graph of this size with heavy-tailed degrees, as facts."""
    dice = random.Random(seed)
    kinds = (
        EntityType.COMPANY,
        EntityType.COMPANY,
        EntityType.RESEARCH_ORGANIZATION,
        EntityType.PLACE,
        EntityType.PERSON,
    )
    entities = [
        Entity(f"agent:n{i:05}", f"Entity {i:05}", kinds[i % 5], country=("DE", "CN", "")[i % 3]) for i in range(nodes)
    ]
    documents = [
        Document(f"d{i:05}", "", title=f"Note {i}", published=f"{2005 + i % 20}-06-01") for i in range(nodes // 20 + 1)
    ]
    bag, claims = [0, 1], list[Claim]()
    for i in range(int(nodes * CLAIMS_PER_NODE)):
        one = i + 1 if i + 1 < nodes else dice.choice(bag)
        other = dice.choice(bag)
        if one == other:
            other = (one + 1) % nodes
        bag += [one, other]
        claims.append(_claim(entities[one], entities[other], documents[dice.randrange(len(documents))].id, i, dice))
    return Facts(tuple(documents), tuple(entities), tuple(sorted(claims, key=lambda claim: claim.id)))


def _claim(one: Entity, other: Entity, document: str, number: int, dice: random.Random) -> Claim:
    words = " ".join(dice.choice(WORDS) for _ in range(22))
    quote = f"In step {number} {one.name} and {other.name} said that {words}."
    ends = [Argument(each.name, each.type, each.name, id=each.id) for each in (one, other)]
    status = dice.choices(list(Status), (80, 12, 5, 3))[0]
    evidence = Evidence(document, quote, number, number + len(quote))
    return Claim(dice.choice(RELATIONS), *ends, status, evidence, round(dice.uniform(0.4, 1), 2), "reader")


def stock_page(facts: Facts) -> str:
    """The same graph as pyvis draws it when nothing is set but what keeps it off the network."""
    from pyvis.network import Network

    net = Network(cdn_resources="in_line")
    for entity in facts.entities:
        net.add_node(entity.id, label=entity.name)
    for claim in facts.claims:
        net.add_edge(claim.subject.id, claim.object.id, title=claim.evidence.quote)
    return str(net.generate_html())


def first_frame(browser: Browser, path: Path, script: str, limit: float) -> float | None:
    """Seconds from the start of loading to the first frame with the network; None after the limit."""
    added = browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    try:
        browser.driver.set_page_load_timeout(limit + 30)
        browser.driver.get("about:blank")
        browser.driver.get(path.as_uri())
        began = perf_counter()
        browser.driver.set_script_timeout(limit)
        while perf_counter() - began < limit:
            with suppress(TimeoutException):  # a stock page answers nothing while it computes its positions
                if found := browser.run("return window.firstFrame ?? null"):
                    return float(found) / 1000
        return None
    finally:
        browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def pan(browser: Browser) -> tuple[float, float]:
    """Main-thread milliseconds a frame while the mouse drags the picture: median and 95th percentile."""

    def mouse(kind: str, x: float, y: float, held: int) -> None:
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": held, "clickCount": 1}
        browser.driver.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    x, y = browser.run("""for (let x = 300; x < 1200; x += 7) for (let y = 100; y < 800; y += 7)
        if (!kg.network.getNodeAt({x, y})) return [x, y];
        return [290, 450];""")
    mouse("mousePressed", x, y, 1)
    browser.run(FRAMES)
    for step in range(90):
        mouse("mouseMoved", x + 2 * step, y + step, 1)
    mouse("mouseReleased", x + 180, y + 90, 0)
    frames = browser.run("return window.frames_")[5:]
    return median(frames), quantiles(frames, n=20)[-1]


def measure(browser: Browser, size: int, folder: Path, rounds: int) -> dict[str, Any]:
    """One row of the table."""
    facts, built = network(size), list[float]()
    for _ in range(rounds):
        start = perf_counter()
        page = render_page(facts)
        built.append(perf_counter() - start)
    path = folder / f"{size}.html"
    path.write_text(page, encoding="utf-8")
    opened = [first_frame(browser, path, FIRST_FRAME, 60) for _ in range(rounds)]
    frame = pan(browser)
    allowed = 600 + 0.5 * len(facts.claims)
    return {
        "nodes": size,
        "claims": len(facts.claims),
        "build s": f"{median(built):.2f}",
        "first frame s": f"{median(t for t in opened if t is not None):.2f}",
        "pan ms": f"{frame[0]:.1f}/{frame[1]:.1f}",
        "file kB": f"{path.stat().st_size / 1000:.0f} of {allowed:.0f}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument(
        "--stock", nargs="*", type=int, default=STOCK, help="sizes at which stock pyvis is measured too"
    )
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    browser = start_browser()
    metrics = {"width": WIDE[0], "height": WIDE[1], "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    with tempfile.TemporaryDirectory() as name:
        for size in asked.sizes:
            row = measure(browser, size, Path(name), asked.rounds)
            print("; ".join(f"{key} {value}" for key, value in row.items()), flush=True)
            if size in asked.stock:
                path = Path(name) / f"stock-{size}.html"
                path.write_text(stock_page(network(size)), encoding="utf-8")
                taken = first_frame(browser, path, STOCK_FRAME, STOCK_LIMIT)
                print(f"  stock pyvis: first frame s {f'{taken:.2f}' if taken else f'over {STOCK_LIMIT}'}", flush=True)
    browser.quit()


if __name__ == "__main__":
    main()
