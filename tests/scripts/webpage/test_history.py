"""The past of the page's learner: rewound, gone on from, and put into a link, always to the same bits."""

import re

import pytest
from needs import needs_node
from page_engine import in_node

pytestmark = needs_node
LIVED = """
  const live = (kitchen, algorithm) => {
    const history = new History(new Learner(kitchens[kitchen], {algorithm, seed: 3, initial_value: 0.5}));
    history.learn(700);
    history.change("set", "learning_rate", 0.7);
    history.change("set", "act", -0.125);
    history.learn(5000);
    for (let n = 0; n < 7; n++) history.learn(1);
    history.change("edit", 3, 4, -2.5);
    history.learn(4000);
    history.change("forget", 0.25, 9);
    history.change("forget", "all but greedy way");
    history.learn(20011);
    history.change("set", "exploration", 0.5);
    return history;
  };
"""


@pytest.mark.parametrize("kitchen", ["corner", "clumsy"])
def test_every_step_is_reached_again_and_gone_on_from(kitchen):
    first, again, further = in_node(
        LIVED
        + """
        const seen = [], marks = [0, 1, 699, 700, 701, 5700, 5707, 5708, 9707, 15000, 29718];
        const history = live(given.kitchen, "sarsa"), end = stateOf(history.learner);
        for (const step of marks) {
          history.goTo(step);
          seen.push(JSON.stringify(stateOf(history.learner), inWords));
        }
        const again = marks.toReversed().map(step => {
          history.goTo(step);
          return JSON.stringify(stateOf(history.learner), inWords);
        }).toReversed();
        history.goTo(29718);
        const last = stateOf(history.learner);
        history.goTo(701);
        history.learn(4999);
        const further = stateOf(history.learner);
        const {last: end_step, changes} = history;
        return [seen, again, [end, last, JSON.parse(seen[5]), further, end_step, changes.length]];""",
        kitchen=kitchen,
    )
    end, last, before, after, step, changes = further
    assert first == again
    assert len(set(first)) == len(first)
    assert end == last
    assert before == after
    assert (step, changes) == (5700, 2)  # the future is dropped


def test_the_past_is_that_of_a_learner_who_never_looked_back():
    assert in_node(
        LIVED
        + """
        const learner = new Learner(kitchens.corner, {seed: 3, initial_value: 0.5});
        const history = live("corner", "q-learning");
        learner.learn(700);
        learner.set("learning_rate", 0.7);
        learner.set("act", -0.125);
        learner.learn(300);
        history.goTo(1000);
        const [one, other] = [history.learner, learner].map(stateOf);
        return JSON.stringify(one, inWords) === JSON.stringify(other, inWords);"""
    )


def test_the_curve_and_the_memory_stay_small():
    curve, spacing, size = in_node(
        """const history = new History(new Learner(kitchens.home));
        for (let n = 0; n < 300; n++) history.learn(1 + 37 * n);
        return [history.curve.map(([step, percent]) => [step, percent]), history.spacing,
          history.learner.table.byteLength];"""
    )
    steps = [step for step, _ in curve]
    assert steps == sorted(steps)
    end, last = 300 + 37 * 300 * 299 // 2, 1 + 37 * 299
    assert steps[0] == 0
    assert end - last - spacing < steps[-1] <= end
    assert 60 < len(curve) <= 128
    assert len(curve) * size < 1 << 25
    assert curve[0][1] < 10 < 90 < curve[-1][1]


def test_a_link_restores_everything():
    links = in_node(
        LIVED
        + """
        return [["corner", "q-learning"], ["home", "expected-sarsa"], ["clumsy", "sarsa"]].map(names => {
          const history = live(...names), link = history.link();
          const [again] = fromLink("#" + link, kitchens);
          history.goTo(6000);
          again.goTo(6000);
          const rewound = fromLink(`${history.link()}~${link}`, kitchens).map(one => stateOf(one.learner));
          const same = again.link() === history.link();
          return [link, [history.learner, again.learner].map(stateOf), rewound, same];
        });"""
    )
    for link, (one, other), rewound, same_link in links:
        assert one == other == rewound[0] != rewound[1]
        assert same_link
        assert len(link) < 500
    assert links[0][0].startswith("kitchen=corner&seed=3&initial_value=0.5&steps=29718&changes=")


def test_the_link_of_a_new_learner_is_short():
    link = in_node("return new History(new Learner(kitchens.home)).link();")
    assert re.fullmatch("kitchen=home&steps=0&check=[0-9a-f]{8}", link)


def test_damaged_links_are_refused():
    answers = in_node(
        LIVED
        + """
        const link = live("corner", "sarsa").link();
        const wrong = ["", "kitchen=corner", "~", "%", "x".repeat(9000)];
        for (let length = 0; length < link.length; length += 7) wrong.push(link.slice(0, length));
        const changed = [
          ["kitchen=corner", "kitchen=attic"], ["kitchen=corner", "kitchen=__proto__"], ["seed=3", "seed=4"],
          ["seed=3", "seed=-1"], ["seed=3", "seed=x"], ["seed=3", "rate=3"], ["seed=3", "seed=3&seed=3"],
          ["=sarsa", "=dqn"], ["steps=29718", "steps=29717"], ["steps=29718", "steps=1e300"],
          ["steps=29718", "steps=-1"], ["steps=29718", "steps=NaN"], ["steps=29718", "steps=21000000"],
          ["%22edit%22", "%22restore%22"], ["%22edit%22", "%22learn%22"], ["%22edit%22", "%22__proto__%22"],
          ["700", "1e9"], ["-2.5", "1e400"], ["changes=", "changes=%5B"], ["0.7", "7"],
          [/changes=.*&/, "changes=7&"],
        ];
        for (const [before, after] of changed) wrong.push(link.replace(before, after));
        return wrong.map(one => one === link ? "unchanged" : refused(() => fromLink(one, kitchens)));"""
    )
    assert set(answers) == {"page.errors.link"}


def test_links_that_would_not_work_are_not_made():
    opened, long, large = in_node(
        """const learner = new Learner(kitchens.corner);
        const opened = new History(openMemory(saveMemory(learner), kitchens)), long = new History(learner);
        long.goTo(0);
        for (let n = 0; n < 400; n++) long.change("edit", 0, 0, n + 0.123456789);
        const large = new History(new Learner(kitchens.corner));
        large.learn(20000001);
        return [opened, long, large].map(history => refused(() => history.link()));"""
    )
    assert opened == "page.errors.link_file"
    assert long == large == "page.errors.link_long 20000000 8000"
