"""Reads catalog files: each room's own, then those a network lays beside them (`INMIND_CATALOG_DIR`). Shell."""

from __future__ import annotations

import os
from collections.abc import Hashable
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from inmind.foundation.catalogs import BadCatalog, Entry

_LARGEST = 2_000_000  # characters; the largest catalog of ours is a hundredth of it
_DEEPEST = 50  # mappings and lists in one another; ours are no deeper than six
_Quick: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same reader, in C where there is one


def parse(text: str, file: str) -> Entry:
    """The entries of one YAML file, each with its line. Raises BadCatalog.

    Stricter than YAML: no name may stand twice in one mapping (the second would silently win), and no anchors or tags
    (a few lines of them can unfold into millions of values, or name a Python class).
    """
    if len(text) > _LARGEST:
        raise BadCatalog(file, 1, f"the file has {len(text)} characters; {_LARGEST} is the most that is read")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Quick):
            if getattr(event, "anchor", None):  # an alias carries one too
                raise BadCatalog(file, _line(event.start_mark), "anchors and aliases are not used in catalog files")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:  # before a reader written in C calls itself so many times
                raise BadCatalog(
                    file, _line(event.start_mark), f"values stand in one another more than {_DEEPEST} deep"
                )
        node = yaml.compose(text, Loader=_Quick)
        if node is None:
            raise BadCatalog(file, 1, "the file is empty")
        return _entry(yaml.SafeLoader(""), node, file)
    except yaml.YAMLError as fault:
        reason = getattr(fault, "problem", None) or getattr(fault, "reason", None) or "this is not YAML"
        raise BadCatalog(file, _line(getattr(fault, "problem_mark", None)), str(reason)) from fault
    except (RecursionError, ValueError) as fault:
        raise BadCatalog(file, 1, f"this cannot be read as YAML ({fault})") from fault


def read(path: Path, shown: str = "") -> Entry:
    """The entries of one file on disk. Raises BadCatalog, also when it cannot be opened or is not UTF-8 text."""
    shown = shown or str(path)
    try:
        return parse(path.read_text(encoding="utf-8"), shown)
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        raise BadCatalog(shown, line, "the file is not UTF-8 text") from fault
    except OSError as fault:
        raise BadCatalog(shown, 1, f"the file cannot be opened ({fault.strerror})") from fault


def ours(room: str, folder: str = "catalog") -> list[Entry]:
    """The files a room ships, by file name."""
    home = Path(str(resources.files("inmind"))) / room / folder
    return [read(path, f"{room}/{folder}/{path.name}") for path in sorted(home.glob("*.yaml"))]


def laid_over(room: str) -> list[Entry]:
    """The files of a network's own for this room, by file name: `INMIND_CATALOG_DIR`/room/*.yaml; none when unset."""
    above = os.environ.get("INMIND_CATALOG_DIR", "").strip()
    if not above:
        return []
    if not Path(above).is_dir():
        raise BadCatalog(above, 1, "INMIND_CATALOG_DIR names a folder that does not exist")
    return [read(path) for path in sorted((Path(above) / room).glob("*.yaml"))]


def _entry(loader: yaml.SafeLoader, node: yaml.Node, file: str) -> Entry:
    value: Any
    if isinstance(node, yaml.MappingNode):
        value = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            at = _line(key_node.start_mark)
            if not isinstance(key, Hashable) or isinstance(key, bool | float) or key is None:
                raise BadCatalog(file, at, "a name must be a word or a whole number")
            if str(key) in value:
                raise BadCatalog(file, at, f"`{key}` stands here twice")
            value[str(key)] = _entry(loader, value_node, file)
    elif isinstance(node, yaml.SequenceNode):
        value = tuple(_entry(loader, part, file) for part in node.value)
    else:
        value = loader.construct_object(node, deep=True)
    return Entry(value, file, _line(node.start_mark))


def _line(mark: Any) -> int:
    """The line of YAML's mark, counted from one; YAML has no mark for a fault of the whole file."""
    return 1 if mark is None else int(mark.line) + 1
