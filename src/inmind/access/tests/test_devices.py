"""A session is shown by words its owner recognises, and by nothing more."""

from __future__ import annotations

import pytest

from inmind.access.devices import SOME_BROWSER, SOME_DEVICE, words

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (CHROME, ("Chrome", "Linux")),
        (CHROME + " Edg/156.0", ("Edge", "Linux")),
        ("Mozilla/5.0 (Android 15; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0", ("Firefox", "Android")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1",
            ("Safari", "iPhone"),
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/19.0 Safari/605.1.15", ("Safari", "Mac")),
        ("curl/8.0", (SOME_BROWSER, SOME_DEVICE)),
        ("", (SOME_BROWSER, SOME_DEVICE)),
    ],
    ids=["chrome", "edge names chrome too", "firefox", "phone", "mac", "another program", "nothing"],
)
def test_browser_and_device_are_named(line: str, said: tuple[str, str]) -> None:
    assert words(line) == said
