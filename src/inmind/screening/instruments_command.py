"""`inmind instruments [KEY]`: lists the instruments that are here, or explains one, without Django and a database."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from datetime import date
from decimal import Decimal
from typing import Any

from inmind.environment import BadSetting
from inmind.foundation.errors import InMindError
from inmind.screening import explaining
from inmind.screening.adapters.catalog import catalog, recorded
from inmind.screening.adapters.streams import close_unread
from inmind.screening.errors import UnknownInstrument
from inmind.screening.in_columns import WIDTH, folded, written
from inmind.screening.instruments import Instrument
from inmind.screening.recorded import RecordedTool

_INDENT = " " * 16


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "List the instruments that are here, or explain one: its rules with their sources, its items' keys and marks, "
        "what is not known, and its license. Never its wording, which is its publisher's."
    )
    parser.add_argument(
        "instrument", nargs="?", metavar="KEY", help="which one, such as epds; without it all are listed"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, with everything that its catalog file says")


def run(args: argparse.Namespace) -> int:
    """0: done. 2: there is none of this name, or the catalog or a setting cannot be used."""
    try:
        said = _one(args.instrument, args.json) if args.instrument else _all(args.json)
    except (InMindError, BadSetting) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    try:
        print(said, flush=True)
    except BrokenPipeError:  # a pager was closed before the end: enough was read
        close_unread(sys.stdout.buffer)
    return 0


def _all(as_json: bool) -> str:
    everything: list[Instrument | RecordedTool] = [*catalog().values(), *recorded().values()]
    if as_json:
        return _json({one.key: {"name": one.name, "in_short": explaining.listed(one)} for one in everything})
    lines = []
    for one in everything:
        lines += [*folded(one.name, WIDTH, _INDENT, one.key.ljust(len(_INDENT) - 1) + " ")]
        lines += folded(explaining.listed(one), WIDTH, _INDENT)
    return "\n".join([*lines, "", "`inmind instruments KEY` explains one."])


def _one(key: str, as_json: bool) -> str:
    if (tool := recorded().get(key)) is not None:
        if as_json:
            return _json(_data(tool))
        return f"{tool.name} ({tool.short_name})\n\n{written(explaining.tool(tool))}"
    if key not in catalog():
        raise UnknownInstrument(key, sorted([*catalog(), *recorded()]))
    instrument = catalog()[key]
    versions = catalog().versions(key)
    example = explaining.example(instrument)
    if as_json:
        more = {"versions": [one.key for one in versions], "example": dataclasses.asdict(example)}
        return _json(_data(instrument) | more)
    shown = "\n".join(["For example, a file of one row:", "", *_short(example), "", *example.typed])
    return f"{instrument.name}\n\n{written(explaining.instrument(instrument, versions))}\n\n{shown}"


def _short(example: explaining.Example) -> list[str]:
    """The example's two lines; those of a long form with what stands between left out."""
    lines = [",".join(row) for row in (example.heading, example.row)]
    if max(map(len, lines)) <= WIDTH:
        return lines
    return [",".join([*row[:3], "...", *row[-2:]]) for row in (example.heading, example.row)]


def _data(of: Instrument | RecordedTool) -> dict[str, Any]:
    return {field.name: getattr(of, field.name) for field in dataclasses.fields(of)}


def _json(said: object) -> str:
    return json.dumps(said, indent=2, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> object:
    """What JSON has no word for: a fact with its source as an object, a day and a decimal number as text."""
    if dataclasses.is_dataclass(value):
        return _data(value)  # type: ignore[arg-type]
    return str(value) if isinstance(value, date | Decimal) else dict(value)
