"""Files in YAML, read as plain values: no tags, no repeated keys, bounded work.

The values are built here and not by PyYAML, which takes the last of two equal keys, reads 010 as 8 and 1e-3
as text, and follows references that multiply without a limit.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from cookie_jar.agents.errors import FileError
from cookie_jar.agents.files import read_text

MAX_BYTES, MAX_VALUES, MAX_DEPTH = 1 << 16, 10_000, 20
WHOLE = r"[+-]?(0|[1-9][0-9]{0,99})"
NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?"
TRUE = ("true", "yes", "on")


def read_yaml(path: Path) -> Any:
    """Return the value of a YAML file: text, numbers, True, False, None, lists, and dicts with texts as keys.

    Raises:
        FileError: If the file cannot be read, or has another content.
    """
    text = read_text(path, MAX_BYTES)
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        return None if node is None else _Reader().value(node)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise FileError(f"{path}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """Return the message of an error in one line, with the line of the file if it is known."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"{problem[:200]}" + (f", line {mark.line + 1}" if mark is not None else "")


class _Reader:
    """Builds the value of a node of YAML; values that are referred to count once for each reference."""

    def __init__(self) -> None:
        self._values = 0

    def value(self, node: yaml.Node, depth: int = 0) -> Any:
        """Return the value of a node.

        Raises:
            ValueError: If the value is not plain, or too large.
        """
        self._values += 1
        if self._values > MAX_VALUES or depth > MAX_DEPTH:
            raise ValueError(f"expected at most {MAX_VALUES:,} values, {MAX_DEPTH} deep")
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if isinstance(node, yaml.MappingNode) and kind == "map":
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode) and kind == "seq":
            return [self.value(part, depth + 1) for part in node.value]
        if isinstance(node, yaml.ScalarNode) and kind in ("str", "null", "bool", "int", "float"):
            return _scalar(kind, node)
        raise ValueError(f"expected plain values, got the tag {node.tag[:80]!r}{_place(node)}")

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for part in parts:
                    merged = dict(self.value(part, depth + 1)) | merged
                continue
            if not isinstance(key, yaml.ScalarNode) or not key.tag.endswith(":str"):
                raise ValueError(f"expected texts as keys{_place(key)}")
            if key.value in own:
                raise ValueError(f"expected each key once, got {key.value[:80]!r} again{_place(key)}")
            own[key.value] = self.value(value, depth + 1)
        return merged | own


def _scalar(kind: str, node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in TRUE
    if kind == "str":
        if node.style is None and re.fullmatch(NUMBER, text):  # such as 1e-3
            number = _finite(text, node)
            return int(number) if number.is_integer() else number
        return text
    if kind == "int" and re.fullmatch(WHOLE, text):
        return int(text)
    if kind == "float" and re.fullmatch(NUMBER, text):
        return _finite(text, node)
    raise ValueError(f"expected a number such as 10 or 0.5, got {text[:80]!r}{_place(node)}")


def _finite(text: str, node: yaml.Node) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"expected a finite number, got {text[:80]}{_place(node)}")
    return number


def _place(node: yaml.Node) -> str:
    return f", line {node.start_mark.line + 1}" if node.start_mark is not None else ""
