"""Where the browser is that the tests drive."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome, or None.

    The environment variable ``CHROMIUM`` names one that is not found by itself.
    """
    candidates = (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), *PLACES)
    found = next((path for path in candidates if path and Path(path).is_file()), None)
    return found or _from_playwright()


def _from_playwright() -> str | None:
    """Return the browser that ``playwright install chromium`` has downloaded, or None."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None
