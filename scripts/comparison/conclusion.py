"""The conclusion of a comparison in one sentence: who won, by how much, and how sure that is.

The sentence compares the final scores of the table. Agents whose final scores are level are compared by their
mean scores over training. An agent has won if permutation tests reject, for each other agent, that both are
equally good; otherwise it is ahead. The p-values are corrected for the number of other agents (Holm 1979): of
many pairs, some differ by chance. So with five seeds, an agent can win against at most six others.
"""

from collections.abc import Sequence
from typing import NamedTuple

from cookie_jar.scripts.common.bootstrap import LEVEL, fewest_runs, holm, iqm, p_value
from cookie_jar.scripts.common.console import printable
from cookie_jar.scripts.common.tables import number_cell
from cookie_jar.scripts.comparison.aggregate import by_table
from cookie_jar.scripts.comparison.summary import Summary

ADVISED_SEEDS = 5
MOST_NAMES = 3  # of agents that are level
FAR = 5.0  # percent of the possible return: a seed that ended so far below its agent's score is named
PARTS = {"finals": "final", "areas": "area"}  # the runs of a summary, and their interquartile mean


class Lead(NamedTuple):
    """The best agent by one measure, and the others.

    Attributes:
        best: The summary with the highest score.
        level: The others with the same score in the table.
        behind: The others with a lower score, the best first.
    """

    best: Summary
    level: list[Summary]
    behind: list[Summary]


def conclusions(summaries: Sequence[Summary]) -> list[str]:
    """Return the conclusion of each table: of each environment."""
    return [conclusion(mine) for mine in by_table(summaries)]


def conclusion(summaries: Sequence[Summary]) -> str:
    """Return the conclusion of the table of one environment as one sentence."""
    where = f"In {printable(summaries[0].env_id, 100)}"
    finished = [summary for summary in summaries if summary.records]
    if not finished:
        return f"{where}, no run finished, so there is no result{_reservations(summaries)}."
    final = _lead(finished, "finals")
    if not _is_better_than_random(final.best):
        text = _nobody(final)
    elif len(finished) == 1:
        text = f"{_name(final.best)} ended at {_score(final.best, 'finals')}{_alone(final.best)}"
    else:
        text = (_level if final.level else _won)(final) + _exceptions([final.best, *final.level])
    return f"{where}, {text}{_reservations(summaries)}."


def _lead(summaries: Sequence[Summary], part: str) -> Lead:
    """Return the order of summaries by `finals` or `areas`; a failed seed counts as the lowest score."""
    digits = summaries[0].digits

    def score(summary: Summary) -> tuple[float, float]:
        shown = getattr(summary, PARTS[part]).estimate
        all_seeds = float(iqm(summary.outcomes(part))) if summary.failed else shown
        return round(all_seeds, digits), round(shown, digits)

    scores = {summary: score(summary) for summary in summaries}
    best, *others = sorted(summaries, key=scores.__getitem__, reverse=True)
    level = [summary for summary in others if scores[summary] == scores[best]]
    return Lead(best, level, others[len(level) :])


def _exceptions(summaries: Sequence[Summary]) -> str:
    """Return the worst seeds of agents, where an interquartile mean hides them."""
    texts = []
    for summary in summaries:
        worst = float(summary.finals.min())
        if summary.is_exact and worst < summary.final.estimate - FAR:
            texts.append(f"a seed of {_name(summary)} at {number_cell(worst, summary.digits)} %")
    if len(texts) > MOST_NAMES:
        texts = [*texts[:MOST_NAMES], f"seeds of {len(texts) - MOST_NAMES} others"]
    return f"; an interquartile mean hides {', '.join(texts)}" if texts else ""


def _nobody(lead: Lead) -> str:
    """Return that no agent is better than the random policy."""
    names, score = _names([lead.best, *lead.level]), _score(lead.best, "finals")
    if not lead.level and not lead.behind:
        return f"{names} did not end above the random policy, but at {score}{_alone(lead.best)}"
    return f"no agent ended above the random policy; the highest score is {score}, of {names}"


def _level(final: Lead) -> str:
    """Return the agents whose final scores are the highest, and which of them learned fastest."""
    first = [final.best, *final.level]
    mean = _lead(first, "areas")
    text = f"{_names(first)} ended level at {_score(final.best, 'finals')}"
    score = f"mean score over training, {_short(mean.best, 'areas')}"
    if not mean.behind:
        return f"{text}, and have the same {score}"
    if mean.level:
        return f"{text}; of these, {_names([mean.best, *mean.level])} have the highest {score}"
    verb = "learned fastest" if _is_sure(mean, "areas") else "was ahead"
    return f"{text}; {_name(mean.best)} {verb}, with the highest {score}, {_by(mean, 'areas')}"


def _won(lead: Lead) -> str:
    verb = "won" if _is_sure(lead, "finals") else "is ahead"
    return f"{_name(lead.best)} {verb} with {_score(lead.best, 'finals')}, {_by(lead, 'finals')}"


def _by(lead: Lead, part: str) -> str:
    """Return the difference to the next agent, and how sure the order is."""
    best, second = lead.best, lead.behind[0]
    difference = getattr(best, PARTS[part]).estimate - getattr(second, PARTS[part]).estimate
    unit = " points" if best.is_exact else ""
    text = f"{number_cell(difference, best.digits)}{unit} above {_name(second)}"
    if difference < 0:  # the seeds that finished are better, but others failed
        text = f"before {_name(second)}, of which {len(second.failed)} of {second.n_seeds} seeds failed"
    chance, rival = _chance(lead, part)
    fewest = min(len(summary.outcomes(part)) for summary in (best, rival))
    advised = max(ADVISED_SEEDS, fewest_runs(len(lead.behind)))
    if fewest == 1:
        return f"{text}; one seed cannot show whether this lead is chance (use {advised} or more)"
    p = f"p {_p_text(chance)}{_corrected(lead)}, {_seeds(best, rival)}"
    if chance < 1 - LEVEL:
        return f"{text}; chance hardly explains this lead ({p})"
    lead_text = "this lead" if rival is second else f"the lead over {_name(rival)}"
    few = f"; use {advised} or more" if fewest < advised else ""
    return f"{text}; {lead_text} may be chance ({p}{few})"


def _is_sure(lead: Lead, part: str) -> bool:
    return _chance(lead, part)[0] < 1 - LEVEL


def _chance(lead: Lead, part: str) -> tuple[float, Summary]:
    """Return the largest corrected p-value of the best against an agent behind, and that agent."""
    runs = lead.best.outcomes(part)
    p_values = [p_value(runs, other.outcomes(part)) for other in lead.behind]
    rival = max(range(len(p_values)), key=lambda n: (p_values[n], -n))
    return holm(p_values)[rival], lead.behind[rival]


def _corrected(lead: Lead) -> str:
    """Return for how many pairs a p-value is corrected; "" for one."""
    return f" corrected for {len(lead.behind)} pairs" if len(lead.behind) > 1 else ""


def _alone(summary: Summary) -> str:
    """Return how sure the score of the only agent is."""
    low, high = (number_cell(bound, summary.digits) for bound in summary.final[1:])
    sure = f"95 % interval {low} to {high}, {len(summary.records)} seeds"
    if len(summary.records) == 1:
        sure = f"one seed, which cannot show how much is chance: use {ADVISED_SEEDS} or more"
    return f" ({sure}); no other agent was compared"


def _reservations(summaries: Sequence[Summary]) -> str:
    """Return what the result lacks: runs that failed, and planned runs that were not made."""
    texts = []
    number = sum(summary.n_seeds for summary in summaries)
    if failed := sum(len(summary.failed) for summary in summaries):
        lost = f" and count{'s' * (failed == 1)} as lost" if failed < number else ""
        texts.append(f"{failed} of {number} runs failed{lost}")
    if missing := sum(len(summary.not_run) for summary in summaries):
        verb = "have" if missing > 1 else "has"
        texts.append(f"{missing} of {number} planned runs {verb} not been made, so this is preliminary")
    return "".join(f"; {text}" for text in texts)


def _is_better_than_random(summary: Summary) -> bool:
    first, digits = summary.records[0], summary.digits
    return round(summary.final.estimate, digits) > round(first.scale(first.random), digits)


def _score(summary: Summary, part: str) -> str:
    score = number_cell(getattr(summary, PARTS[part]).estimate, summary.digits)
    return f"{score} % of the possible return" if summary.is_exact else f"a return of {score}"


def _short(summary: Summary, part: str) -> str:
    score = number_cell(getattr(summary, PARTS[part]).estimate, summary.digits)
    return f"{score} %" if summary.is_exact else score


def _name(summary: Summary) -> str:
    variant = f" ({printable(summary.variant, 60)})" if summary.variant else ""
    return f"{summary.name}{variant}"


def _names(summaries: Sequence[Summary]) -> str:
    """Return names, such as "PPO and SARSA"; of many, the first and the number of the others."""
    names = [_name(summary) for summary in summaries]
    if len(names) > MOST_NAMES + 1:
        names = [*names[:MOST_NAMES], f"{len(names) - MOST_NAMES} others"]
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _seeds(one: Summary, other: Summary) -> str:
    ours, theirs = (len(summary.outcomes("finals")) for summary in (one, other))
    return f"{ours} seeds each" if ours == theirs else f"{ours} and {theirs} seeds"


def _p_text(chance: float) -> str:
    """Return a p-value as "= 0.008"; never as 0."""
    return "< 0.001" if chance < 0.001 else f"= {chance:.{2 if chance >= 0.1 else 3}f}"
