"""`memory explain` for Dyna-Q: the updates from the learned model that follow the update of a step."""

from cookie_jar.agents import DynaQ
from cookie_jar.agents.plan import COUNT, NONE, QUEUED, with_room
from cookie_jar.scripts.inspection.greedy import Transition
from cookie_jar.scripts.inspection.view import MemoryView

SHOWN = 8  # updates


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def explain_planning(view: MemoryView, agent: DynaQ, step: Transition) -> tuple[str, list[str]]:
    """Describe which numbers the update of a step changes, and what planning changes then.

    The agent's own functions plan on copies of its table and its model.
    """
    from cookie_jar.agents.planning_loops import learn_directly, sweep

    table, plan = agent.q_table.copy(), with_room(agent.plan(), 1)
    before, sure = table.copy(), (agent.gamma, agent.min_priority)
    learn_directly(
        table, plan, step.state, step.action, step.reward, step.next_state, step.terminated,
        agent.learning_rate, *sure,
    )  # fmt: skip
    updates, actions = [], table.shape[1]
    for _ in range(agent.planning_steps):
        old = table.copy()
        if (pair := sweep(table, plan, *sure)) == NONE:
            break
        state, action = divmod(int(pair), actions)
        place = f"state {state}, {view.action_names[action]}"
        updates.append(f"  {place:<38}{old[state, action]:z.4f} -> {table[state, action]:z.4f}")
    counts, waiting = plan.outcomes[:, COUNT], int(plan.sizes[QUEUED])
    known = f"{int((counts > 0).sum()):,} outcomes, counted in {int(counts.sum()):,} steps with this one"
    if not updates:
        none = "no number would move" if agent.planning_steps else "planning is off"
        return "The update changes only this number.", ["", f"The agent's model has {known}; {none}."]
    more = [f"  and {len(updates) - SHOWN} more"] if len(updates) > SHOWN else []
    changed = int((table != before).sum())
    place = f"state {step.state}, {view.action_names[step.action]}"
    lines = [
        "",
        f"Then the agent plans: {_count(len(updates), 'update')} from its model of {known}.",
        "Each sets a number to reward + gamma x best next value, averaged over the outcomes that were seen;",
        "the number that changes most comes first:",
        *updates[:SHOWN],
        *more,
        f"In all, {_count(changed, 'number')} changed, and the queue has {_count(waiting, 'pair')}; "
        f"{place} now has {table[step.state, step.action]:z.4f}.",
    ]
    return "This update changes only this number.", lines
