"""`inmind score FILE --instrument phq9 --out FILE`: scores a file of answers, a row at a time, without Django.

A mapping names its instrument, which then need not be said; another one beside it is refused.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from inmind.environment import BadSetting
from inmind.foundation import text
from inmind.foundation.errors import BadInput, InMindError
from inmind.screening import file_mapping
from inmind.screening.adapters import streams, table_file
from inmind.screening.adapters.catalog import catalog, instrument_of, mapping, recorded
from inmind.screening.adapters.file_form import Form, check_out
from inmind.screening.adapters.score_file import DEFAULT_MEMORY, Summary, score_file
from inmind.screening.counting import COUNT, by_count
from inmind.screening.errors import RecordedAlone, TooLittleMemory, UnreadableFile
from inmind.screening.file_mapping import FileMapping
from inmind.screening.instruments import Instrument

WHEN_STOPPED = "No result was written; an older one of this name stands as it was."
DONE, NOTHING_READ, WRONG_CALL = 0, 1, 2
STREAM = Path("-")
_MEANINGS = " or ".join(file_mapping.MEANINGS)
_MEMORY = re.compile(r"[1-9][0-9]*(\.[0-9]+)?\s*[KMG]i?B\Z", re.IGNORECASE)
_PERCENT = re.compile("([0-9]+)%$")
_REASON_SHOWN = 200  # letters


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = (
        "Score a file of answers: CSV, Parquet, or FHIR QuestionnaireResponse one to a\n"
        "line. Every row gets points, lowest, highest, band, flags, a status and a reason\n"
        "in words. A wrong row never stops the file. The result stands under its name\n"
        "only when it is whole."
    )
    parser.epilog = (
        "For example: inmind score answers.csv --mapping nhanes --out scores.csv\n"
        "`inmind instruments` lists whose rules there are, and what a file of each holds."
    )
    add = parser.add_argument
    add("file", type=Path, metavar="FILE", help="the answers, or - for what is piped in")
    add("--instrument", metavar="KEY", help="whose rules to use, such as phq9 or epds; a mapping names it by itself")
    add("--language", metavar="CODE", help="its version in this language, with cut-offs of its own, such as es")
    add(
        "--out",
        required=True,
        type=Path,
        metavar="FILE",
        help="where the result goes, .csv or .parquet; - pipes CSV out",
    )
    add("--mapping", metavar="FILE", help="where items stand and what codes mean: a file, or one of ours by name")
    add(
        "--column",
        action="append",
        default=[],
        type=_pair,
        metavar="ITEM=COLUMN",
        help="one item's column (repeat); @=Q@ names all: Q1, Q2, ...",
    )
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
        help="an official table of cut-offs, laid over those that are unknown or less sure here",
    )
    add("--count", metavar="COLUMN", help="the file holds the count alone, in this column (ACE-10, PEARLS)")
    add("--id", metavar="COLUMN", help="the column that names a row; else `id`, else its number")
    add("--memory", default=DEFAULT_MEMORY, type=_memory, metavar="SIZE", help=f"DuckDB's limit ({DEFAULT_MEMORY})")


def run(args: argparse.Namespace) -> int:
    """0: done, also when rows are wrong. 1: nothing could be read. 2: the call is wrong."""
    try:
        return _score(args)
    except (UnreadableFile, TooLittleMemory) as refusal:
        _say(refusal.in_english())
        return NOTHING_READ
    except (InMindError, BadSetting) as refusal:
        _say(str(refusal))
        return WRONG_CALL
    except OSError as fault:
        name = Path(fault.filename or "A file").name
        _say(f"{name[:80]} cannot be reached ({fault.strerror}). Check its name and its folder.")
        return WRONG_CALL


def _score(args: argparse.Namespace) -> int:
    instrument, tell = _instrument(args), _Telling()
    source, out = args.file, args.out
    is_piped_in, is_piped_out = source == STREAM or _is_pipe(source), out == STREAM
    if not is_piped_out:
        check_out(out)
    with ExitStack() as at_the_end:
        if is_piped_in or is_piped_out:
            folder = at_the_end.enter_context(streams.folder_for(None if is_piped_out else out))
        if is_piped_in:
            source = folder / "standard input"
            streams.taken_in(at_the_end.enter_context(_piped_in(args.file)), source, tell)
        if is_piped_out:
            out = folder / "scores.csv"
        summary = score_file(instrument, source, out, mapping=_Mapping(args, instrument), memory=args.memory, tell=tell)
        if is_piped_out:
            _pour(out)
    return _report(instrument, summary, "standard output" if is_piped_out else str(out))


def _is_pipe(path: Path) -> bool:
    """Whether a name stands for what is piped in, as a shell's <(...) does: it can be read only once."""
    return path.is_fifo() or path.is_char_device()


@contextmanager
def _piped_in(path: Path) -> Iterator[BinaryIO]:
    if path != STREAM:
        with path.open("rb") as stream:
            yield stream
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise BadInput(
            "Nothing is piped in.",
            "- stands for what another program hands over.",
            "For example: cat answers.csv | inmind score - --instrument phq9 --out scores.csv",
        )
    yield sys.stdin.buffer


def _pour(out: Path) -> None:
    try:
        streams.poured(out, sys.stdout.buffer)
    except BrokenPipeError:
        _say("Whoever read the result stopped before its end.")
        streams.close_unread(sys.stdout.buffer)


def _instrument(args: argparse.Namespace) -> Instrument:
    """The instrument that was named, or the one that the mapping is for. A mapping for another one is refused later."""
    if not args.instrument and not args.mapping:
        raise BadInput(
            "Nobody said whose rules to use.",
            f"--instrument names them, one of {', '.join(sorted(catalog()))}; or --mapping names a file that says it.",
            "Say one of the two.",
        )
    key = args.instrument or instrument_of(args.mapping)
    if key in recorded():
        raise RecordedAlone(recorded()[key].short_name)
    named = catalog().offered(key)
    if args.language:
        named = catalog().offered(catalog().in_language(key, args.language).key)
    if args.table:
        named = table_file.over(named, args.table, _say)
    return by_count(named) if args.count else named


class _Mapping:
    """The mapping that the call asks for, once it is known what the file is."""

    def __init__(self, args: argparse.Namespace, instrument: Instrument) -> None:
        self._args, self._instrument = args, instrument

    def __call__(self, form: Form) -> FileMapping:
        args, instrument = self._args, self._instrument
        start = file_mapping.by_loinc if form is Form.FHIR else file_mapping.plain
        asked = mapping(args.mapping, instrument) if args.mapping else start(instrument)
        columns = dict(args.column) | ({COUNT: args.count} if args.count else {})
        asked = asked.with_columns(instrument, columns).with_codes(instrument, dict(args.code))
        asked = asked.with_id(args.id)
        return asked.for_fhir() if form is Form.FHIR else asked


class _Telling:
    """Says how far the work is: on a terminal in one line that changes, else once for each tenth."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, sentence: str) -> None:
        share = _PERCENT.search(sentence)
        if share and sys.stderr.isatty():
            _say(sentence, end="")
            return
        tenth = f"{int(share[1]) // 10 * 10}%" if share else ""
        what = f"{sentence.partition(':')[0]} {tenth}" if share else sentence
        if what != self._said:
            self._said = what
            _say(_PERCENT.sub(tenth, sentence))


def _report(instrument: Instrument, summary: Summary, out: str) -> int:
    language = f" in the language {instrument.version.language}" if instrument.version else ""
    rules = f"{instrument.short_name}{language}, edition {instrument.edition}"
    rows = f"{summary.rows} row{'' if summary.rows == 1 else 's'}"
    _say(f"{rows} by {rules}: {_counted(summary.by_status)}.")
    if not summary.rows:
        _say("The file has no row of answers: there was nothing to score, and the result has its heading alone.")
    if summary.rows and summary.by_band:
        _say(f"Bands: {_counted(summary.by_band)}. {_studied_in(instrument)}")
    if summary.by_flags:
        _say(f"Flags: {_counted(summary.by_flags)}.")
    for reason in summary.reasons:
        rows = f"row {reason.first}" if reason.rows == 1 else f"{reason.rows} rows, first row {reason.first}"
        _say(f"Unreadable, {rows}: {reason.said[:_REASON_SHOWN]}")
    if any(' holds "' in reason.said for reason in summary.reasons):
        _say(f"What is a code and no answer is explained with --code VALUE=MEANING ({_MEANINGS}).")
    _say(f"Written to {out}.")
    if summary.is_lost:
        _say("Not one row could be read.")
        return NOTHING_READ
    return DONE


def _studied_in(instrument: Instrument) -> str:
    """Each band says whether the tool was studied in the language of those who answered."""
    if not instrument.studied_in:
        return "In which languages they were studied is not known here."
    return f"They were studied in: {', '.join(instrument.studied_in)}."


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


def _say(sentence: str, end: str = "\n") -> None:
    """On stderr; on a terminal in the place of a line that tells how far the work is. What stands in a file gives it no orders."""
    place = "\r\x1b[K" if sys.stderr.isatty() else ""
    print(f"{place}{text.marked(sentence)}", file=sys.stderr, flush=True, end=end)
