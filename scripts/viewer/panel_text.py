"""The contents of the panel: the three phases of an action, its numbers, and the action values."""

from collections.abc import Sequence
from math import isnan

from cookie_jar.envs import Event
from cookie_jar.envs.rendering.episode import TimeStep
from cookie_jar.envs.rendering.frame import FELT
from cookie_jar.envs.rendering.words import PHRASES, colour_of, signed
from cookie_jar.scripts.viewer.probes import MAX_STATES, best_from, make_batch
from cookie_jar.scripts.viewer.replays import ReplayedAgent
from cookie_jar.scripts.viewer.widgets.bars import Bars
from cookie_jar.scripts.viewer.widgets.panel import Fact, Panel

INITIALISATION, DOING, LEARNING = range(3)


def make_panel(replay: ReplayedAgent, act: int, progress: float, *, learns: bool = False) -> Panel:
    """Return the contents of the panel.

    Args:
        replay: The agent and its episode.
        act: The index of the current time step, as returned by `Playhead.place`.
        progress: The progress of the action that led there, 0 to 1.
        learns: Whether the agent is being trained.
    """
    time_steps = replay.episode.time_steps
    act = min(act, replay.episode.last)
    now, before = time_steps[act], time_steps[max(0, act - 1)]
    felt = progress >= FELT
    acting = act > 0 and progress < 1
    phase = INITIALISATION if act == 0 else LEARNING if felt else DOING
    learning = _learning_text(replay, before, now, learns) if felt else ""
    counted = now if felt or act == 0 else before
    facts = (
        *step_facts(now, felt=felt, total=counted.total),
        Fact(_format_return(best_return(replay)), "optimum"),
    )
    bars, note = _bars(replay, replay.decision_step(act, progress), now.action if acting else None)
    return Panel(
        _title(replay), phase, (_training_text(replay), _action_text(now, felt), learning), facts, bars, note
    )


def step_facts(time_step: TimeStep, *, felt: bool, total: float) -> tuple[Fact, Fact, Fact]:
    """Return the number of actions, the happiness of the last action, and the sum of happiness.

    Args:
        time_step: The current time step.
        felt: Whether the happiness of its action is known already.
        total: The sum to show.
    """
    reward = time_step.reward if felt else 0.0
    return (
        Fact(str(time_step.steps), "act" if time_step.steps == 1 else "acts"),
        Fact(signed(time_step.reward) if felt else "...", "this act", colour_of(reward)),
        Fact(signed(total), "so far", colour_of(total)),
    )


def best_return(replay: ReplayedAgent) -> float:
    """Return the optimal return from the start of the episode; NaN if unknown."""
    episode, evaluator = replay.episode, replay.evaluator
    frame = episode.time_steps[0].frame
    if episode.world is not None and frame is not None and episode.world.num_states <= MAX_STATES:
        start = episode.world.number(frame.state)
        return best_from(episode.world, start, evaluator.horizon).mean_return
    return float("nan") if evaluator.optimum is None else evaluator.optimum.mean_return


def action_names(replay: ReplayedAgent) -> list[str]:
    """Return the names of the actions."""
    world = replay.episode.world
    if world is not None:
        return [action.label for action in world.actions]
    return [f"action {number}" for number in range(int(replay.runner.env.action_space.n))]  # type: ignore


def _title(replay: ReplayedAgent) -> str:
    kind = type(replay.agent).__name__
    return f"{replay.name} ({kind})" if replay.probe.readable else replay.name


def _training_text(replay: ReplayedAgent) -> str:
    """Return the text of the first phase: how long the agent was trained."""
    if not replay.has_policy:
        return "a saved episode"
    return f"trained for {replay.steps:,} steps" if replay.steps else "not trained yet"


def _action_text(now: TimeStep, felt: bool) -> str:
    """Return the text of the second phase: the action and, at its end, the event."""
    if now.action is None:
        return "about to act"
    if now.frame is None or now.frame.action is None:
        return now.words
    done = now.frame.action.label
    return f"{done}: {PHRASES[now.frame.event or Event.NOTHING]}" if felt else f"{done} ..."


def _learning_text(replay: ReplayedAgent, before: TimeStep, now: TimeStep, learns: bool) -> str:
    """Return the text of the third phase: the temporal-difference error."""
    probe = replay.probe
    if now.action is None or not probe.readable:
        return "learns while acting" if learns else "off: this is a replay"
    gamma = float(getattr(replay.agent, "gamma", 1.0))
    both = make_batch(before.obs, now.obs)
    values, actions = probe.state_values(both), probe.action_values(both)
    expected = values[0] if probe.has_probabilities else actions[0, now.action]
    target = now.reward + (0.0 if now.terminated else gamma * values[1])
    error = round(target, 2) - round(expected, 2)  # consistent with the rounded numbers next to it
    return f"expected {signed(expected)}, got {signed(target)}: error {signed(error)}"


def _bars(replay: ReplayedAgent, seen: TimeStep, chosen: int | None) -> tuple[Bars | None, str]:
    """Return the action values or probabilities at a time step, or a note in their place."""
    if not replay.probe.readable:
        return None, "This agent has no action values or probabilities to show."
    values = replay.probe.action_values(make_batch(seen.obs))
    probabilities = replay.probe.has_probabilities
    label = "probability of each action" if probabilities else "expected return of each action"
    names: Sequence[str] = action_names(replay)
    return Bars(names, tuple(values[0].tolist()), chosen, label, probabilities), ""


def _format_return(value: float) -> str:
    return "?" if isnan(value) else f"{value:.2f}"
