"""`inmind score FILE --instrument phq9 --out FILE`: scores a file of answers, a row at a time, without Django.

A mapping names its instrument, which then need not be said; another one beside it is refused.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from inmind.foundation.errors import BadInput, InMindError
from inmind.screening import file_mapping
from inmind.screening.adapters import table_file
from inmind.screening.adapters.catalog import catalog, instrument_of, mapping
from inmind.screening.adapters.score_file import DEFAULT_MEMORY, Form, Summary, score_file
from inmind.screening.errors import TooLittleMemory, UnreadableFile
from inmind.screening.file_mapping import FileMapping
from inmind.screening.instruments import Instrument

DONE, NOTHING_READ, WRONG_CALL = 0, 1, 2
_MEANINGS = " or ".join(file_mapping.MEANINGS)
_MEMORY = re.compile(r"[1-9][0-9]*(\.[0-9]+)?\s*[KMG]i?B\Z", re.IGNORECASE)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = (
        "Score a file of answers: CSV, Parquet, or FHIR QuestionnaireResponse one to a line.\n"
        "Every row gets points, lowest, highest, band, flags, a status and a reason in words. A wrong row never stops\n"
        "the file. The result stands under its name only when it is whole."
    )
    parser.epilog = "For example: inmind score answers.csv --mapping nhanes --out scores.csv"
    add = parser.add_argument
    add("file", type=Path, metavar="FILE", help="the answers")
    add("--instrument", metavar="KEY", help="whose rules to use, such as phq9 or epds; a mapping names it by itself")
    add("--out", required=True, type=Path, metavar="FILE", help="where the result goes, .csv or .parquet")
    add("--mapping", metavar="FILE", help="where items stand and what codes mean: a file, or one of ours by name")
    add("--column", action="append", default=[], type=_pair, metavar="ITEM=COLUMN", help="one item's column (repeat)")
    add(
        "--code",
        action="append",
        default=[],
        type=_pair,
        metavar="VALUE=MEANING",
        help=f"what a code means: {_MEANINGS}",
    )
    add(
        "--table",
        type=Path,
        metavar="FILE",
        help="an official table of cut-offs, laid over those that are unknown here",
    )
    add("--id", metavar="COLUMN", help="the column that names a row; else `id`, else its number")
    add("--memory", default=DEFAULT_MEMORY, type=_memory, metavar="SIZE", help=f"DuckDB's limit ({DEFAULT_MEMORY})")


def run(args: argparse.Namespace) -> int:
    """0: done, also when rows are wrong. 1: nothing could be read. 2: the call is wrong. 128 + n: stopped by signal."""
    try:
        with _stoppable():
            instrument = _instrument(args)
            summary = score_file(
                instrument, args.file, args.out, mapping=_Mapping(args, instrument), memory=args.memory, tell=_Telling()
            )
    except _Stopped as stop:
        _say("Stopped; nothing was written.")
        return 128 + stop.number
    except (UnreadableFile, TooLittleMemory) as refusal:
        _say(refusal.in_english())
        return NOTHING_READ
    except InMindError as refusal:
        _say(refusal.in_english())
        return WRONG_CALL
    return _report(instrument, summary, args.out)


def _instrument(args: argparse.Namespace) -> Instrument:
    """The instrument that was named, or the one that the mapping is for. A mapping for another one is refused later."""
    if not args.instrument and not args.mapping:
        raise BadInput(
            "Nobody said whose rules to use.",
            f"--instrument names them, one of {', '.join(sorted(catalog()))}; or --mapping names a file that says it.",
            "Say one of the two.",
        )
    instrument = catalog().offered(args.instrument or instrument_of(args.mapping))
    return table_file.over(instrument, args.table, _say) if args.table else instrument


class _Mapping:
    """The mapping that the call asks for, once it is known what the file is."""

    def __init__(self, args: argparse.Namespace, instrument: Instrument) -> None:
        self._args, self._instrument = args, instrument

    def __call__(self, form: Form) -> FileMapping:
        args, instrument = self._args, self._instrument
        start = file_mapping.by_loinc if form is Form.FHIR else file_mapping.plain
        asked = mapping(args.mapping, instrument) if args.mapping else start(instrument)
        asked = asked.with_columns(instrument, dict(args.column)).with_codes(instrument, dict(args.code))
        asked = asked.with_id(args.id)
        return asked.for_fhir() if form is Form.FHIR else asked


class _Telling:
    """Says how far the work is, once for each tenth."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, sentence: str) -> None:
        what, _, share = sentence.partition(": ")
        rounded = f"{what}: {int(share.rstrip('%')) // 10 * 10}%" if share.endswith("%") else sentence
        if rounded != self._said:
            self._said = rounded
            _say(rounded)


class _Stopped(BaseException):
    """A signal asked to stop; past every handler of ordinary errors."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn SIGINT and SIGTERM into a stop that cleans up behind itself."""

    def stop(number: int, _: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)  # once is enough: the cleaning up is not to be stopped
        raise _Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _report(instrument: Instrument, summary: Summary, out: Path) -> int:
    rules = f"{instrument.short_name}, edition {instrument.edition}"
    _say(f"{summary.rows} rows by {rules}: {_counted(summary.by_status)}.")
    if summary.by_band:
        _say(f"Bands: {_counted(summary.by_band)}.")
    if summary.by_flags:
        _say(f"Flags: {_counted(summary.by_flags)}.")
    _say(f"Written to {out}.")
    if summary.first_reason:
        _say(f"Not one row could be read. The first reason: {summary.first_reason}")
        return NOTHING_READ
    return DONE


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise argparse.ArgumentTypeError(f"{text!r} should be two words with = between them")
    return name, value


def _memory(text: str) -> str:
    if not _MEMORY.match(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount of memory such as 512MB")
    return text


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    own = argparse.ArgumentParser(prog="inmind score")
    configure(own)
    sys.exit(run(own.parse_args()))
