"""How much was searched for the settings of an algorithm, as the comment in their file says."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cookie_jar.agents.files import read_text
from cookie_jar.scripts.comparison.algorithms import (
    FOLDER,
    has_own_settings,
    match_hints,
    settings_of,
    shows_pictures,
)
from cookie_jar.scripts.comparison.yaml_files import MAX_BYTES


class SearchEffort(NamedTuple):
    """The size of a random search.

    Attributes:
        draws: Number of random settings that were tried, in addition to the starting values.
        dimensions: Number of hyperparameters that varied.
    """

    draws: int
    dimensions: int

    @property
    def text(self) -> str:
        """The effort in words, such as "15 draws of 7 hyperparameters, 2.1 for each"."""
        per_dimension = self.draws / self.dimensions
        return f"{self.draws} draws of {self.dimensions} hyperparameters, {per_dimension:.1f} for each"


def effort_text(name: str, env_id: str, settings: Mapping[str, Any]) -> str:
    """Return the effort of the search for settings in words; "" if they are not those of the file.

    Args:
        name: The name of the algorithm.
        env_id: The id of the environment.
        settings: The settings; those of the hints may differ.
    """
    found = settings_of(name, env_id)
    if settings not in (found, match_hints(name, env_id, found)):
        return ""
    effort = search_effort(name, env_id)
    return "not searched" if effort is None else effort.text


def search_effort(name: str, env_id: str) -> SearchEffort | None:
    """Return the effort of the search for the settings of an algorithm in an environment.

    Returns:
        The numbers of the `sweep` command in the comment of the file; None if there was no search.
    """
    if shows_pictures(env_id) or not has_own_settings(name, env_id):
        return None
    text = read_text(FOLDER / f"{name}.yml", MAX_BYTES).replace("\n#", " ")
    draws = re.search(r"cookie-jar sweep .*?--random +(\d+)", text)
    return SearchEffort(int(draws[1]), len(re.findall(r"--vary\s", text))) if draws else None
