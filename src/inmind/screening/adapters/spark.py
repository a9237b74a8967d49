"""Spark: runs the rules of `answer_rows` as the same SQL as DuckDB, where rows are too many for one machine. An extra."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from inmind.screening import answer_rows
from inmind.screening.errors import MissingEngine
from inmind.screening.expression import Layers, quoted, select

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# All in which Spark would read the SQL of `expression` otherwise than DuckDB: here, and nowhere else.
AS_DUCKDB = {
    "spark.sql.ansi.enabled": "true",  # what cannot be reckoned is an error, not a blank
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",  # "a name" and 'a text'
    "spark.sql.caseSensitive": "true",
    "spark.sql.legacy.consecutiveStringLiterals.enabled": "false",  # 'it''s' holds one quote
}
_ROWS = "rows_of_inmind_score"
_HERE = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def scored(rows: DataFrame, layers: Layers) -> DataFrame:
    """A table of rows with `answer_rows.RESULTS` for columns.

    rows: its ROW as a whole number, ID, PROBLEM and each `written` as text, wherever they stand. layers: those of
    `answer_rows.rules`. The session of the rows reads SQL as DuckDB does from here on (AS_DUCKDB).
    """
    session = rows.sparkSession
    for name, value in AS_DUCKDB.items():
        session.conf.set(name, value)
    rows.createOrReplaceTempView(_ROWS)
    shown = ", ".join(f"{quoted(answer_rows.result(name))} AS {quoted(name)}" for name in answer_rows.RESULTS)
    found = session.sql(f"SELECT {shown} FROM {select(layers, _ROWS)}")
    session.catalog.dropTempView(_ROWS)
    return found


def write(layers: Layers, rows: Path, path: Path, master: str) -> None:
    """Run the rules over a Parquet file of rows into one file, as its name says CSV or Parquet, in the rows' order.

    Raises MissingEngine. Where the master is another machine, both paths stand where it reaches them, too.
    """
    folder = path.with_name(f"{path.name}.parts")
    with opened(master) as session:
        found = scored(session.read.parquet(str(rows)), layers).orderBy("row").coalesce(1).write
        if path.suffix == ".parquet":
            found.parquet(str(folder))
        else:
            kept = {"ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false"}
            found.options(header="true", escape='"', **kept).csv(str(folder))
    [part] = folder.glob("part-*")
    part.replace(path)
    shutil.rmtree(folder)


@contextmanager
def opened(master: str, **more: str) -> Iterator[SparkSession]:
    """A session of Spark with everything on this machine's loopback address. more: its settings besides."""
    check()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("inmind score")
    for name, value in {**_HERE, **AS_DUCKDB, **more}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def check() -> None:
    """Raises MissingEngine where Spark or the Java that it needs is not there."""
    home = os.environ.get("JAVA_HOME", "")
    if find_spec("pyspark") is None:
        raise MissingEngine("Spark was chosen to score with, and it is not installed here.", _HOW)
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        raise MissingEngine("Spark was chosen to score with, and the Java that it needs is not found here.", _HOW)


_HOW = (
    "Install InMind with its extra `spark` (requirements/spark.txt) and Java 17, or leave INMIND_ENGINE out: DuckDB comes "
    "to the same results."
)
