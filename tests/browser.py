"""A real browser for the page's tests: headless Chromium, driven as a person would, with everything it says kept."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
WIDE, PHONE = (1440, 900), (390, 844)


class Browser:
    """One Chromium. `open` shows a page afresh; `messages` and `requests` tell what it logged and fetched since."""

    def __init__(self, chromium: str, chromedriver: str) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for argument in ARGUMENTS:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(chromedriver))

    def open(self, path: Path, size: tuple[int, int] = WIDE, scheme: str = "light", fragment: str = "") -> None:
        """Shows the page afresh in a window of this size; motion is reduced, so nothing is under way when a test looks."""
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE}
        features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
        self._tell("Emulation.setDeviceMetricsOverride", **metrics)
        self._tell("Emulation.setEmulatedMedia", features=[{"name": k, "value": v} for k, v in features.items()])
        self.driver.get("about:blank")
        self.messages()
        self.requests()
        self.driver.get(path.as_uri() + fragment)
        self.wait("return Boolean(window.kg)")
        self.settle()

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script of the page returns."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition: str, *arguments: Any) -> None:
        """Waits until the condition holds; fails after ten seconds."""
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.driver, 10, poll_frequency=0.02).until(lambda _: self.run(condition, *arguments), condition)

    def settle(self) -> None:
        """Waits until two frames have been drawn."""
        frames = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))"
        self.driver.execute_async_script(frames)

    def move(self, x: float, y: float) -> None:
        """Moves the mouse to a point of the window."""
        self._tell("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y, button="none", buttons=0)
        self.settle()

    def click(self, x: float, y: float) -> None:
        """Moves the mouse to a point of the window and clicks there."""
        for kind, held in (("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)):
            button = "none" if kind == "mouseMoved" else "left"
            self._tell("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, buttons=held, clickCount=1)
        self.settle()

    def tap(self, x: float, y: float) -> None:
        """Touches a point of the window with a finger, and waits until the page has had the click that follows."""
        self.run(
            "if (!window.clicked) addEventListener('click', (e) => clicked.push(e.target.tagName), true); window.clicked = []"
        )
        self._tell("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=1)
        self._tell("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self._tell("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        self.wait("return clicked.length > 0")
        self._tell("Emulation.setTouchEmulationEnabled", enabled=False)
        self.settle()

    def press(self, *keys: str) -> None:
        """Types on the keyboard, wherever the focus is."""
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()
        self.settle()

    def push(self, selector: str) -> None:
        """Clicks the middle of an element."""
        where = "const r = document.querySelector(arguments[0]).getBoundingClientRect();"
        self.click(*self.run(where + "return [r.x + r.width / 2, r.y + r.height / 2]", selector))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Presses the mouse at one point of the window and lets it go at another."""
        steps = [(start[0] + (end[0] - start[0]) * i / 5, start[1] + (end[1] - start[1]) * i / 5) for i in range(6)]
        events = [("mouseMoved", steps[0], 0), ("mousePressed", steps[0], 1)]
        events += [("mouseMoved", step, 1) for step in steps[1:]] + [("mouseReleased", steps[-1], 0)]
        for kind, (x, y), held in events:
            button = "none" if (kind, held) == ("mouseMoved", 0) else "left"
            self._tell("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, buttons=held, clickCount=1)
            self.settle()

    def slide(self, selector: str, steps: int) -> None:
        """Moves a slider by so many steps, to the left where negative."""
        self.run("document.querySelector(arguments[0]).focus()", selector)
        self.press(*["\ue014" if steps > 0 else "\ue012"] * abs(steps))  # arrow right, arrow left

    def choose(self, selector: str, value: str) -> None:
        """Chooses from a list."""
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.ui import Select

        Select(self.driver.find_element(By.CSS_SELECTOR, selector)).select_by_value(value)
        self.settle()

    def downloaded(self, folder: Path, act: Callable[[], None], ending: str) -> bytes:
        """The file that this act saves."""
        self._tell("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        act()
        end = monotonic() + 10
        while not (found := [path for path in folder.glob(f"*{ending}") if path.stat().st_size]):
            assert monotonic() < end, f"no file *{ending} was saved"
            sleep(0.02)
        return found[0].read_bytes()

    def text(self, selector: str) -> str:
        """The text of an element as it is seen."""
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements of this kind."""
        return list(self.run("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector))

    def messages(self) -> list[str]:
        """What the console has said since this was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def requests(self) -> list[str]:
        """The addresses asked for since this was last asked, data: URLs aside."""
        entries = self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        events = [json.loads(entry["message"])["message"] for entry in entries]
        sent = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if not url.startswith("data:")]

    def quit(self) -> None:
        self.driver.quit()

    def _tell(self, command: str, **parameters: Any) -> None:
        self.driver.execute_cdp_cmd(command, parameters)


def start_browser() -> Browser:
    """Chromium, or a skipped test where there is none (on a build server: a failed one)."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    chromedriver = shutil.which("chromedriver")
    if chromium and chromedriver:
        return Browser(chromium, chromedriver)
    reason = "needs the programs chromium and chromedriver (Debian: apt install chromium chromium-driver)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
