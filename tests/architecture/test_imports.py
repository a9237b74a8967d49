"""Who may import whom, where floors alone do not say it. The floors stand in pyproject.toml, for import-linter."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator

import grimp
import pytest

from tests.architecture import house


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Imports between the modules of the house, without its tests (which may import all)."""
    built = grimp.build_graph("inmind", cache_dir=None)
    for module in list(built.modules):
        if "tests" in module.split("."):
            built.remove_module(module)
    return built


def chains(graph: grimp.ImportGraph, rooms: Iterable[str], others: Iterable[str]) -> list[str]:
    """Each way by which one of these rooms imports one of the others, however far round."""
    here = set(house.rooms())
    return [
        " -> ".join(chain)
        for room in set(rooms) & here
        for other in set(others) & here - {room}
        for chain in graph.find_shortest_chains(f"inmind.{room}", f"inmind.{other}", as_packages=True)
    ]


def test_windows_import_no_practice(graph: grimp.ImportGraph) -> None:
    """Rooms offer panels, searches and demo makers through registries, so that a profile without a room runs."""
    assert not chains(graph, house.WINDOWS, house.PRACTICES)


def test_rooms_that_run_without_families_never_import_them(graph: grimp.ImportGraph) -> None:
    """An association's installation keeps no family."""
    assert not chains(graph, house.WITHOUT_FAMILIES, ["families"])


def test_endorsement_never_reaches_what_is_a_familys(graph: grimp.ImportGraph) -> None:
    """It reads learning, reflection and association; never screens, formulations or services."""
    assert not chains(graph, ["endorsement"], ["families", "screening", "diagnosis", "services"])


def test_forms_views_and_routes_stay_at_home(graph: grimp.ImportGraph) -> None:
    """From above, a room is read through its querysets, queries and core, and changed through its actions."""
    at_home = {"forms", "views", "urls", "api"}
    assert not [
        f"{importer} imports {module}"
        for module in graph.modules
        if module.split(".")[2:3] and module.split(".")[2] in at_home and module.split(".")[1] != "foundation"
        for importer in graph.find_modules_that_directly_import(module)
        if importer.split(".")[1] != module.split(".")[1]
    ]


def layers() -> list[str]:
    said = tomllib.loads((house.PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in said["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    return [room.strip(" ()") for layer in contract["layers"] for room in layer.split("|")]


def test_each_room_has_its_place_among_the_floors() -> None:
    """A new room joins the contract in the same commit; each is in it once."""
    assert len(layers()) == len(set(layers()))
    assert set(house.rooms()) <= set(layers())


def shell_words(path: object) -> Iterator[str]:
    """Module names written as text, as in `import_module("inmind.screening.actions")`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("inmind."):
            yield node.value


def test_no_window_imports_a_practice_by_its_name_in_text() -> None:
    """What the import graph cannot see: a practice named in a string inside a window."""
    practices = {f"inmind.{room}" for room in house.PRACTICES}
    assert not [
        f"{house.key_of(path)} names {word}"
        for window in house.WINDOWS
        for path in (house.SOURCE / window).rglob("*.py")
        if not house.is_test(path)
        for word in shell_words(path)
        if ".".join(word.split(".")[:2]) in practices
    ]
