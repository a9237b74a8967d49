"""python -m bench.with_spark MASTER ANSWERS OUT SUM ROUNDS: the full result of a Parquet file and its bare sum, in seconds.

No measurement by itself: `columns` runs it in an environment that has Spark.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def main(master: str, answers: str, out: str, total: str, rounds: str) -> None:
    import pyspark
    from pyspark.sql import functions

    from inmind.screening import answer_rows
    from inmind.screening.adapters import spark
    from inmind.screening.adapters.catalog import catalog
    from inmind.screening.file_mapping import plain

    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    phq9 = catalog()["phq9"]
    layers = answer_rows.rules(phq9, plain(phq9))
    seconds: dict[str, list[float]] = {"bare": [], "full": []}
    with spark.opened(master, **{"spark.driver.memory": "1g", "spark.executor.memory": "1g"}) as session:
        read = session.read.parquet(answers)
        texts = {answer_rows.written(key): functions.col(key).cast("string") for key in answer_rows.wanted(phq9)}
        rows = read.select(
            (functions.col("id") + 1).alias(answer_rows.ROW),
            functions.col("id").cast("string").alias(answer_rows.ID),
            functions.lit(None).cast("string").alias(answer_rows.PROBLEM),
            *(column.alias(name) for name, column in texts.items()),
        )
        for _ in range(int(rounds)):
            start = time.perf_counter()
            read.selectExpr("id", f"{total} AS points").write.mode("overwrite").parquet(f"{out}.bare")
            seconds["bare"].append(time.perf_counter() - start)
            start = time.perf_counter()
            spark.scored(rows, layers).write.mode("overwrite").parquet(out)
            seconds["full"].append(time.perf_counter() - start)
    print(json.dumps({name: min(each) for name, each in seconds.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
