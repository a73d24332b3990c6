from itertools import pairwise

import pytest
from trials import record

from cookie_jar.scripts.common.figures import to_svg
from cookie_jar.scripts.comparison.aggregate import summarize
from cookie_jar.scripts.comparison.algorithms import DEFAULT_ALGORITHMS
from cookie_jar.scripts.comparison.figures import NARROW, WIDE, comparison_figures


def summaries(*names, optimum=100.0):
    return summarize([record([0, 20 * seed, 90], seed, name, optimum) for name in names for seed in range(3)])


def test_each_environment_gets_four_figures():
    figures = comparison_figures(summaries("ppo", "sarsa", "sb3-ppo", "sb3-a2c", "reinforce"))
    assert list(figures) == ["steps", "seconds", "results", "improvement"]
    panels = [axes.get_title(loc="left") for axes in figures["steps"].axes]
    assert panels == ["SARSA", "REINFORCE", "PPO", "SB3 PPO", "SB3 A2C"]
    assert "SB3 A2C" in to_svg(figures["results"])


def test_one_algorithm_has_nothing_to_be_compared_with():
    assert list(comparison_figures(summaries("ppo"))) == ["steps", "seconds", "results"]


def test_a_curve_shows_its_seeds_their_middle_and_the_others():
    [axes, _] = comparison_figures(summaries("ppo", "sarsa"))["steps"].axes
    *others, first, second, third, middle, top, bottom = axes.lines
    assert len(others) == 2  # grey: all algorithms
    assert (top.get_ydata()[0], bottom.get_ydata()[0]) == (100, 0)
    for line, scores in ((first, (0, 90)), (second, (20, 90)), (third, (40, 90))):
        assert (line.get_ydata()[0], line.get_ydata()[-1]) == scores
    assert middle.get_ydata()[0] == pytest.approx(20)
    assert (middle.get_xdata()[0], middle.get_xdata()[-1]) == pytest.approx((100, 200))
    assert axes.get_xscale() == "log"


def test_without_an_optimum_returns_are_drawn():
    figure = comparison_figures(summaries("ppo", optimum=None))["steps"]
    assert figure.get_supylabel() == "return of an episode"
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["100", "200"]
    assert len(figure.axes[0].lines) == 1 + 3 + 1  # no lines at 0 and 100


def test_the_same_results_give_the_same_picture():
    one, other = (to_svg(comparison_figures(summaries("ppo", "sarsa"))["improvement"]) for _ in range(2))
    assert one == other


def test_both_inputs_of_an_agent_have_one_colour():
    axes = comparison_figures(summaries("ppo", "sb3-ppo", "sb3-ppo-state"))["steps"].axes
    ours, factors, state = (part.lines[-3].get_color() for part in axes)
    assert factors == state != ours


def test_pairs_that_differ_after_the_correction_are_bold():
    pair = [
        record([0, 10 * seed + 90 * (name == "ppo")], seed, name)
        for name in ("ppo", "sarsa")
        for seed in range(4)
    ]
    [axes, _] = comparison_figures(summarize(pair))["improvement"].axes
    assert {(text.get_text(), text.get_weight()) for text in axes.texts} == {("100", "bold"), ("0", "bold")}
    [axes, _] = comparison_figures(summaries("ppo", "sarsa"))["improvement"].axes
    assert {(text.get_text(), text.get_weight()) for text in axes.texts} == {("50", "normal")}


@pytest.mark.parametrize("kind", ["steps", "seconds", "results", "improvement"])
def test_labels_of_ticks_do_not_overlap_also_on_phones(kind):
    names = ("q-learning", "ppo", "sarsa", "sb3-maskable-ppo")
    _assert_no_overlap(comparison_figures(summaries(*names), NARROW)[kind])


@pytest.mark.parametrize("layout", [WIDE, NARROW])
def test_all_default_agents_fit_into_the_figures(layout):
    figures = comparison_figures(summaries(*DEFAULT_ALGORITHMS), layout)
    for figure in figures.values():
        _assert_no_overlap(figure)
    assert len(figures["steps"].axes) == len(DEFAULT_ALGORITHMS)


def _assert_no_overlap(figure):
    figure.draw_without_rendering()
    for axes in figure.axes:
        for axis, low, high in ((axes.xaxis, "x0", "x1"), (axes.yaxis, "y0", "y1")):
            boxes = [label.get_window_extent() for label in axis.get_ticklabels() if label.get_visible()]
            spans = sorted((getattr(box, low), getattr(box, high)) for box in boxes if box.width)
            assert all(before[1] <= after[0] for before, after in pairwise(spans))
