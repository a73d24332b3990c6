"""Why an agent that has learned nothing is worth what it is: its greedy policy does not act at random."""

import numpy as np

from cookie_jar.scripts.common.tables import number_cell
from cookie_jar.scripts.inspection.view import MemoryView


def explain_equal(view: MemoryView, when: str) -> list[str]:
    """Explain in lines of text what the greedy policy does if all actions are equally good.

    Args:
        view: The view of an agent.
        when: When that is the case, such as "Untrained".
    """
    return [
        f"{when}, all actions are equally good to the agent. It does not act at random then: of equal "
        f"actions, the greedy policy takes the first, `{view.action_names[0]}`, in every state.",
        *_random(view),
    ]


def explain_untrained(view: MemoryView) -> list[str]:
    """Explain in lines of text what the greedy policy of an untrained agent does."""
    if view.has_states and np.ptp(view.table(), axis=1).max() == 0:
        return explain_equal(view, "Untrained")
    return [
        "An untrained network does not act at random: its random weights make one action slightly more "
        "likely than the others, and the greedy policy always takes that one.",
        *_random(view),
    ]


def _random(view: MemoryView) -> list[str]:
    """Describe the value of the random policy, if there is an optimum to compare it with."""
    value = view.evaluator.random.mean_return
    if np.isnan(view.evaluator.percent(value)):
        return [f"A policy that acts at random is worth {number_cell(value)}."]
    return [
        f"0 % is a policy that acts at random ({number_cell(value)}), which can succeed by chance; below 0 % "
        "is worse than chance, and 100 % is the optimum."
    ]
