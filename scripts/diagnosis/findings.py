"""What a check found, and what to do about it."""

from typing import NamedTuple

OK, NOTE, PROBLEM = "ok", "note", "problem"


class Finding(NamedTuple):
    """The result of a check.

    Attributes:
        status: `OK`; `NOTE` if something optional is missing; `PROBLEM` if something does not work.
        name: What was checked.
        found: What was found.
        advice: What it means and what to do; may be empty.
        blocks: Whether training does not work.
    """

    status: str
    name: str
    found: str
    advice: str = ""
    blocks: bool = False
