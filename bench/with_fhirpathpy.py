"""python with_fhirpathpy.py RESPONSES EXPRESSION COUNT: JSON text in, total out, with fhirpathpy, in an environment of its
own. No measurement by itself: `responses` runs it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main(source: str, expression: str, count: str) -> None:
    from fhirpathpy import compile

    texts = Path(source).read_text(encoding="utf-8").split("\n")[: int(count)]
    total = compile(expression)
    totals = [int(total(json.loads(text))[0]) for text in texts]
    start = time.perf_counter()
    for text in texts:
        total(json.loads(text))
    print(json.dumps({"totals": totals, "seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main(*sys.argv[1:])
