"""What a browser says of itself, in two words its owner recognises: "Firefox on Android". Pure.

Only these words are kept, never the line they come from, which tells much more of a machine than its owner needs.
"""

from __future__ import annotations

from inmind.foundation.values import N_

# The first mark that a line holds decides: most browsers also name those that they resemble.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
SOME_BROWSER, SOME_DEVICE = N_("a browser"), N_("a device")


def words(line: str) -> tuple[str, str]:
    """The browser and the device that a User-Agent line names, or the words for one that is not known."""
    return _named(line, BROWSERS, SOME_BROWSER), _named(line, SYSTEMS, SOME_DEVICE)


def _named(line: str, known: tuple[tuple[str, str], ...], otherwise: str) -> str:
    return next((name for mark, name in known if mark in line), otherwise)
