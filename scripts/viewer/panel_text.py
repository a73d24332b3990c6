"""What the panel says about a moment: the three phases with their numbers, and what the memory holds."""

from collections.abc import Sequence
from math import isnan

import numpy as np

from cookie_jar.envs import Action, Event
from cookie_jar.envs.rendering.caption import PHRASES, colour_of, signed
from cookie_jar.envs.rendering.episode import TimeStep
from cookie_jar.envs.rendering.frame import FELT
from cookie_jar.scripts.viewer.episode_files import SavedEpisode
from cookie_jar.scripts.viewer.probes import best_from
from cookie_jar.scripts.viewer.replays import ReplayedAgent
from cookie_jar.scripts.viewer.widgets.panel import Bars, Fact, Panel

INITIALISATION, DOING, LEARNING = range(3)
LARGE = 20_000  # states from which on the optimum of one start takes too long to be worked out in between


def make_panel(replay: ReplayedAgent, act: int, progress: float, *, learns: bool = False) -> Panel:
    """What there is to say when an act of the episode has gone so far.

    Args:
        replay: what is watched.
        act: the number of the act, as `Playhead.place` has it.
        progress: from 0 to 1.
        learns: whether it learns meanwhile.
    """
    time_steps = replay.episode.time_steps
    act = min(act, replay.episode.last)
    time_step, before = time_steps[act], time_steps[max(0, act - 1)]
    felt = progress >= FELT
    acting = act > 0 and progress < 1
    phase = INITIALISATION if act == 0 else LEARNING if felt else DOING
    phases = (
        _memory(replay),
        _deed(time_step, felt),
        _lesson(replay, before, time_step, learns) if felt else "",
    )
    felt_step = time_step if felt or act == 0 else before
    facts = (
        Fact(str(time_step.steps), "act" if time_step.steps == 1 else "acts"),
        Fact(
            signed(time_step.reward) if felt else "...",
            "this act",
            colour_of(time_step.reward if felt else 0.0),
        ),
        Fact(signed(felt_step.total), "so far", colour_of(felt_step.total)),
        Fact(_format_return(best_return(replay)), "optimum"),
    )
    bars, note = _bars(replay, seen_at(replay, act, progress), time_step.action if acting else None)
    return Panel(_title(replay), phase, phases, facts, bars, note)


def seen_at(replay: ReplayedAgent, act: int, progress: float) -> TimeStep:
    """The shot in which the agent chooses, or has chosen, what is to be seen: not the one after the end."""
    time_steps = replay.episode.time_steps
    return (
        time_steps[act - 1] if act > 0 and (progress < 1 or time_steps[act].terminated) else time_steps[act]
    )


def best_return(replay: ReplayedAgent) -> float:
    """The most happiness that is possible from where the episode started; nan where nobody knows."""
    episode, evaluator = replay.episode, replay.evaluator
    frame = episode.time_steps[0].frame
    if episode.world is not None and frame is not None and episode.world.num_states <= LARGE:
        start = episode.world.number(frame.state)
        return best_from(episode.world, start, evaluator.horizon).mean_return
    return float("nan") if evaluator.optimum is None else evaluator.optimum.mean_return


def action_names(replay: ReplayedAgent) -> list[str]:
    """The names of the actions."""
    if replay.episode.world is not None:
        return [action.label for action in Action]
    return [f"action {number}" for number in range(int(replay.runner.env.action_space.n))]  # type: ignore


def _title(replay: ReplayedAgent) -> str:
    kind = type(replay.agent).__name__
    return f"{replay.name} ({kind})" if replay.probe.readable else replay.name


def _memory(replay: ReplayedAgent) -> str:
    """What it brings along."""
    if isinstance(replay, SavedEpisode):
        return "a saved episode"
    return f"what {replay.steps:,} steps have left behind" if replay.steps else "it knows nothing yet"


def _deed(time_step: TimeStep, felt: bool) -> str:
    """What was done, and what it led to."""
    if time_step.action is None:
        return "about to act"
    if time_step.frame is None or time_step.frame.action is None:
        return time_step.words
    done = time_step.frame.action.label
    return f"{done}: {PHRASES[time_step.frame.event or Event.NOTHING]}" if felt else f"{done} ..."


def _lesson(replay: ReplayedAgent, before: TimeStep, time_step: TimeStep, learns: bool) -> str:
    """How far the expectation was wrong: the error that learning would make smaller."""
    probe = replay.probe
    if time_step.action is None or not probe.readable:
        return "learns while it acts" if learns else "off: one watches what was learned"
    gamma = float(getattr(replay.agent, "gamma", 1.0))
    both = np.stack([np.asarray(before.obs), np.asarray(time_step.obs)])
    values, actions = probe.state_values(both), probe.action_values(both)
    expected = values[0] if probe.has_probabilities else actions[0, time_step.action]
    came = time_step.reward + (0.0 if time_step.terminated else gamma * values[1])
    error = round(came, 2) - round(expected, 2)  # as the numbers beside it, for those who check
    return f"expected {signed(expected)}, came {signed(came)}: error {signed(error)}"


def _bars(replay: ReplayedAgent, seen: TimeStep, chosen: int | None) -> tuple[Bars | None, str]:
    """What the memory holds about a moment, or why there is nothing to be seen."""
    if not replay.probe.readable:
        return None, "This agent does not tell what it expects of its actions."
    values = replay.probe.action_values(np.asarray(seen.obs)[None])
    chances = replay.probe.has_probabilities
    label = "how likely it does each action" if chances else "what it expects of each action"
    names: Sequence[str] = action_names(replay)
    return Bars(names, tuple(values[0].tolist()), chosen, label, chances), ""


def _format_return(value: float) -> str:
    return "?" if isnan(value) else f"{value:.2f}"
