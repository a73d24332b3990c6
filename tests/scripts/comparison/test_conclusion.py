"""The sentence that ends a comparison: true for each kind of result, never more certain than the seeds."""

import pytest
from trials import CORNER, record

from cookie_jar.scripts.comparison.aggregate import summarize
from cookie_jar.scripts.comparison.conclusion import conclusion, conclusions
from cookie_jar.scripts.comparison.trials import NOT_RUN, failed

HIGH, LOW = (90, 91, 92, 93, 94), (10, 20, 30, 40, 50)


def runs(algorithm, finals, middle=0, optimum=100.0, **changes):
    """Return one record for each final score; the score in the middle of training is the same for all."""
    return [
        record([0, middle, final], seed, algorithm, optimum, **changes) for seed, final in enumerate(finals)
    ]


def missing(algorithm, seeds, reason="its process was ended"):
    return [failed(record([0, 0, 0], seed, algorithm).trial, reason) for seed in seeds]


def said(*records):
    text = conclusion(summarize([one for part in records for one in part]))
    assert text.startswith(f"In {CORNER}, ")
    return text.removeprefix(f"In {CORNER}, ")


def test_a_clear_winner():
    assert said(runs("q-learning", HIGH), runs("ppo", LOW)) == (
        "Q-learning won with 92.0 % of the possible return, 62.0 points above PPO; "
        "chance hardly explains this lead (p = 0.008, 5 seeds each)."
    )


@pytest.mark.parametrize(
    ("seeds", "words"),
    [
        (1, "one seed cannot show whether this lead is chance (use 5 or more)."),
        (2, "this lead may be chance (p = 0.33, 2 seeds each; use 5 or more)."),
        (3, "this lead may be chance (p = 0.10, 3 seeds each; use 5 or more)."),
        (4, "chance hardly explains this lead (p = 0.029, 4 seeds each)."),
    ],
)
def test_few_seeds_prove_little(seeds, words):
    """Even where all seeds of one agent are better than all of the other."""
    text = said(runs("q-learning", HIGH[:seeds]), runs("ppo", LOW[:seeds]))
    assert text.endswith(words)
    assert ("is ahead" in text) == (seeds < 4)


def test_a_lead_over_one_agent_is_no_lead_over_all():
    """SARSA is lower in the mean, but two of its seeds are the best of all."""
    text = said(runs("q-learning", [90] * 5), runs("ppo", [80] * 5), runs("sarsa", [0, 0, 70, 95, 95]))
    assert text.startswith("Q-learning is ahead with 90.0 %")
    assert "10.0 points above PPO; the lead over SARSA may be chance " in text
    assert "(p = 0.56 corrected for 2 pairs, 5 seeds each)." in text


def test_many_rivals_need_more_seeds():
    """With five seeds each, the smallest p is 2 / 252: seven times that is not below 0.05."""
    names = ("sarsa", "expected-sarsa", "reinforce", "actor-critic", "ppo", "sb3-ppo", "sb3-dqn")
    six = said(runs("q-learning", HIGH), *(runs(name, LOW) for name in names[:6]))
    assert six.startswith("Q-learning won")
    assert "chance hardly explains this lead (p = 0.048 corrected for 6 pairs, 5 seeds each)." in six
    seven = said(runs("q-learning", HIGH), *(runs(name, LOW) for name in names))
    assert seven.startswith("Q-learning is ahead")
    assert "may be chance (p = 0.056 corrected for 7 pairs, 5 seeds each; use 6 or more)." in seven


def test_agents_that_end_level_are_told_apart_by_their_training():
    slow = [record([0, middle, 100], seed, "ppo") for seed, middle in enumerate(LOW)]
    text = said(runs("q-learning", [100] * 5, 90), slow, runs("sarsa", [5] * 5))
    assert text.startswith(
        "Q-learning and PPO ended level at 100.0 % of the possible return; Q-learning learned"
    )
    assert "45.0 %, 30.0 points above PPO; chance hardly explains this lead" in text


def test_ties():
    names = ("q-learning", "sarsa", "ppo", "reinforce", "actor-critic")
    two = said(*(runs(name, [100] * 5, 50) for name in names[:2]))
    assert two == (
        "Q-learning and SARSA ended level at 100.0 % of the possible return, and have the same "
        "mean score over training, 25.0 %."
    )
    many = said(*(runs(name, [100] * 5, 50) for name in names))
    assert many.startswith("Q-learning, SARSA, REINFORCE and 2 others ended level")
    some = said(*(runs(name, [100] * 5, 50 - 20 * (name == "ppo")) for name in names[:3]))
    assert some.endswith(
        "; of these, Q-learning and SARSA have the highest mean score over training, 25.0 %."
    )


def test_one_agent_has_an_interval_and_no_rival():
    alone = said(runs("ppo", HIGH))
    assert alone == (
        "PPO ended at 92.0 % of the possible return (95 % interval 90.0 to 94.0, 5 seeds); "
        "no other agent was compared."
    )
    assert "one seed, which cannot show how much is chance" in said(runs("ppo", [90]))


def test_nobody_wins_below_the_random_policy():
    text = said(runs("q-learning", [-5] * 5), runs("ppo", [-7] * 5))
    assert text == (
        "no agent ended above the random policy; the highest score is -5.0 % of the possible return, "
        "of Q-learning."
    )
    assert said(runs("ppo", [-5] * 5)).startswith("PPO did not end above the random policy, but at -5.0 %")


def test_without_an_optimum_returns_are_compared():
    text = said(runs("q-learning", HIGH, optimum=None), runs("ppo", LOW, optimum=None))
    assert text.startswith("Q-learning won with a return of 92.000, 62.000 above PPO;")


def test_failed_runs_count_as_lost():
    text = said(runs("q-learning", HIGH[:4]), missing("q-learning", [4]), runs("ppo", LOW))
    assert text.startswith("Q-learning is ahead")
    assert text.endswith("; 1 of 10 runs failed and counts as lost.")
    most = said(runs("q-learning", HIGH[:1]), missing("q-learning", range(1, 5)), runs("ppo", LOW))
    assert most.startswith(
        "PPO is ahead with 30.0 % of the possible return, before Q-learning, of which 4 of 5 "
    )
    assert said(missing("ppo", [0])) == "no run finished, so there is no result; 1 of 1 runs failed."


def test_planned_runs_that_were_not_made_make_it_preliminary():
    text = said(runs("q-learning", HIGH), runs("ppo", LOW[:4]), missing("ppo", [4], NOT_RUN))
    assert "Q-learning won" in text
    assert "(p = 0.016, 5 and 4 seeds)" in text
    assert text.endswith("; 1 of 10 planned runs has not been made, so this is preliminary.")


def test_a_setting_is_named_and_each_environment_has_its_sentence():
    one = runs("ppo", HIGH, settings={"a": 1}, variant="a=1\x1b")
    assert "PPO 1 (a=1\\x1b) won" in conclusion(summarize([*one, *runs("ppo", LOW)]))
    there = [r._replace(trial=r.trial._replace(env_id="There-v0")) for r in one]
    assert [text.split(",")[0] for text in conclusions(summarize([*one, *there]))] == [
        f"In {CORNER}",
        "In There-v0",
    ]


def test_a_bad_seed_that_the_mean_hides_is_named():
    text = said(runs("q-learning", [100] * 5, middle=50), runs("sb3-dqn", [-0.5, 100, 100, 100, 100]))
    assert "Q-learning and SB3 DQN ended level at 100.0 %" in text
    assert text.endswith("; an interquartile mean hides a seed of SB3 DQN at -0.5 %.")
    assert "hides" not in said(runs("q-learning", [100] * 5), runs("ppo", [96, 100, 100, 100, 100]))
