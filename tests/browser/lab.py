"""A real JupyterLab in a real browser, as a learner meets it.

`dlcourse lab` runs on a copy of the course, so that nothing here touches the checkout or
anybody's work/. What is read from the page comes from JupyterLab's own model of the
notebook; what a learner does (click, type, press a key) goes through the browser.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from dlcourse.cli.chromium import find_chromium
from dlcourse.layout import ROOT

LEFT_OUT = shutil.ignore_patterns(".*", "work", "build", "tests", "__pycache__")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECOND = 1000  # playwright counts in milliseconds

OPENED = "() => window.jupyterapp?.shell.currentWidget?.sessionContext"

GET_READY = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const kernel = async () => {
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
  };
  kernel().then(() => (window.panel = panel));
}"""

RUN = """(command) => {
  window.ran = undefined;
  window.jupyterapp.commands.execute(command).then(
    () => (window.ran = "done"), (error) => (window.ran = String(error)));
}"""

CELLS = """() => window.panel.content.widgets.map((cell) => ({
  type: cell.model.type,
  source: cell.model.sharedModel.getSource(),
  count: cell.model.executionCount ?? null,
  outputs: cell.model.outputs?.toJSON() ?? [],
}))"""

# Given an action, a selector and the text there before: milliseconds until a frame with other text
# has been painted. A message that is posted in the callback of a frame arrives after its painting.
TIMED = """([act, selector, before]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(Error(`${selector} still says ${before}`)), 20000);
  const start = performance.now();
  const painted = new MessageChannel();
  painted.port1.onmessage = () => resolve(performance.now() - start);
  const look = () => {
    if (document.querySelector(selector).textContent === before) requestAnimationFrame(look);
    else painted.port2.postMessage("");
  };
  eval(act);
  requestAnimationFrame(look);
})"""


@contextmanager
def running_lab(folder: Path, *, author: bool = False):
    """Run ``dlcourse lab`` on a copy of the course; yield the learner's folder and the address."""
    course = folder / "course"
    shutil.copytree(ROOT, course, ignore=LEFT_OUT)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    private = {
        name: str(folder / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
        )
    }
    # What is installed beside an editable package is as old as its installation.
    settings = Path(private["JUPYTER_CONFIG_DIR"], "labconfig", "default_setting_overrides.json")
    settings.parent.mkdir(parents=True)
    shutil.copy(course / "dlcourse/cli/lab_settings.json", settings)
    options = [
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        "--expose-app-in-browser",
    ]
    log = folder / "lab.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dlcourse", "lab", *options],
            cwd=course,
            env={
                **as_a_learner(),
                **private,
                **({"DLCOURSE_AUTHOR": "1"} if author else {}),
                "PYTHONPATH": str(course),
                "MPLBACKEND": "agg",
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_until_up(process, address, log)
            yield course / "work", address
        finally:
            process.terminate()
            process.wait(timeout=30)


def as_a_learner() -> dict[str, str]:
    """Return the environment without what makes answers open, or names another folder."""
    author = {"DLCOURSE_AUTHOR", "DLCOURSE_HOME"}
    return {name: value for name, value in os.environ.items() if name not in author}


def _wait_until_up(process, address, log):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).close()
        except OSError:
            assert process.poll() is None, f"dlcourse lab ended:\n{log.read_text()}"
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"dlcourse lab did not come up:\n{log.read_text()}")


@contextmanager
def open_browser():
    """Start a headless Chromium; yield it."""
    expect.set_options(timeout=20 * SECOND)  # a busy machine is slow, and not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


class Notebook:
    """One notebook, open in JupyterLab in the browser."""

    def __init__(self, browser, address: str, path: str) -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.goto(f"{address}/lab/tree/{path}?reset")
        self.wait(OPENED)
        self.page.evaluate(GET_READY)
        self.wait("() => window.panel")

    def wait(self, expression: str, seconds: float = 90) -> None:
        """Wait until a JavaScript function returns something true."""
        self.page.wait_for_function(expression, timeout=seconds * SECOND)

    def command(self, name: str, seconds: float = 150) -> None:
        """Run a command of JupyterLab to its end."""
        self.page.evaluate(RUN, name)
        self.wait("() => window.ran !== undefined", seconds)
        ran = self.page.evaluate("window.ran")
        assert ran == "done", (ran, self.errors())

    def run_all(self) -> None:
        """Run all cells, and check that every one ran and none raised."""
        self.command("notebook:run-all-cells")
        assert not self.errors(), self.errors()
        counts = [cell["count"] for cell in self.cells() if cell["type"] == "code"]
        assert counts == list(range(1, len(counts) + 1))

    def cells(self) -> list[dict]:
        """Return type, source, execution count and outputs of every cell."""
        return self.page.evaluate(CELLS)

    def errors(self) -> list[dict]:
        """Return the outputs of all cells that are errors."""
        outputs = [output for cell in self.cells() for output in cell["outputs"]]
        return [output for output in outputs if output["output_type"] == "error"]

    def find(self, text: str) -> int:
        """Return the number of the first cell whose source contains `text`."""
        return next(i for i, cell in enumerate(self.cells()) if text in cell["source"])

    def set_source(self, number: int, source: str) -> None:
        """Replace the text of a cell, as typing over it would."""
        self.page.evaluate(
            "([i, text]) => window.panel.content.widgets[i].model.sharedModel.setSource(text)",
            [number, source],
        )

    def run(self, number: int) -> None:
        """Run one cell."""
        self._choose(number)
        self.command("notebook:run-cell")

    def start(self, number: int) -> None:
        """Run one cell, and do not wait for its end."""
        self._choose(number)
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell'); }")

    def _choose(self, number: int) -> None:
        self.page.evaluate("(i) => { window.panel.content.activeCellIndex = i; }", number)

    def ask(self, expression: str):
        """Return the value of a Python expression in the kernel, as JSON: the last cell asks it."""
        number = len(self.cells()) - 1
        self.set_source(number, f"print(__import__('json').dumps({expression}))")
        self.run(number)
        return json.loads(self.cells()[number]["outputs"][0]["text"])

    def wait_for(self, expression: str, expected) -> None:
        """Ask until a Python expression has a value: what the browser sends travels by itself."""
        for _ in range(50):
            if (found := self.ask(expression)) == expected:
                return
            self.page.wait_for_timeout(200)
        assert found == expected

    def output(self, number: int):
        """Return the rendered output area of a cell, scrolled into view."""
        self.page.evaluate(
            "(i) => window.panel.content.scrollToItem(i, 'start')",
            number,
        )
        cell = self.page.locator(f'.jp-Cell[data-windowed-list-index="{number}"]')
        return cell.locator(".jp-Cell-outputArea")

    def close(self) -> None:
        """End the kernel, so that the next visit finds the notebook as new, and close the page."""
        self.page.evaluate(
            "() => { window.panel.sessionContext.shutdown().then(() => (window.ended = true)); }"
        )
        self.wait("() => window.ended")
        self.page.close()
