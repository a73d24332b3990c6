import re

import numpy as np
from classifier_runs import finished_run

from cookie_jar.agents import load_classifier, runs
from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView


def test_numbers_and_answers_of_two_memories_are_compared(classifiers, capsys):
    folder = classifiers("softmax")
    memory.main(["diff", f"{folder}@1", str(folder)])
    out = capsys.readouterr().out
    a, b = ClassifierView(f"{folder}@1"), ClassifierView(folder)
    changed = np.count_nonzero(a.parameters() != b.parameters())
    assert f"{changed:,} of {a.size:,} numbers differ" in out
    assert f"A  {folder}@1: {a.summary()}" in out.replace("\n", "")
    samples, labels = a.data.validation
    right = [view.classifier.predict(samples) == labels for view in (a, b)]
    counts = [(right[0] == x) & (right[1] == y) for x, y in ((1, 1), (1, 0), (0, 1), (0, 0))]
    assert re.search(" +".join(str(count.sum()) for count in counts), out)
    differ = (a.classifier.predict(samples) != b.classifier.predict(samples)).sum()
    assert f"The answers differ for {differ} pictures:" in out


def test_classifiers_of_different_shapes_are_compared_by_their_answers(classifiers, capsys):
    memory.main(["diff", str(classifiers("softmax")), str(classifiers("conv"))])
    out = capsys.readouterr().out
    assert "The numbers cannot be compared: 1,299 in A," in out
    assert "The answers differ for" in out


def test_classifiers_of_other_samples_are_refused(classifiers, capsys):
    assert run(memory.main, ["diff", str(classifiers("softmax")), str(classifiers("features"))]) == 2
    assert "expected two classifiers of the same samples and kinds" in capsys.readouterr().err


def test_without_the_data_set_the_numbers_are_compared(lost, capsys):
    memory.main(["diff", str(lost), f"{lost}@1"])
    out = capsys.readouterr().out
    assert "numbers differ" in out
    assert "The answers cannot be compared: " in out


def test_replay_scores_every_snapshot(classifiers, capsys):
    folder = classifiers("features")
    memory.main(["replay", str(folder)])
    out = capsys.readouterr().out
    steps = [int(found) for found in re.findall(r"^ +(\d+) ", out, re.MULTILINE)]
    assert steps == [number for number, _ in runs.snapshots(folder)] + [24]
    view = ClassifierView(f"{folder}@5")
    assert re.search(rf"\n +5 +{view.scores().loss:.4f} +{100 * view.scores().accuracy:.1f} % ", out)


def test_replay_without_the_data_set_says_why_scores_are_missing(lost, capsys):
    memory.main(["replay", str(lost)])
    out = capsys.readouterr().out
    assert "without scores: " in out
    assert "of 1,299" in out


def test_replay_needs_snapshots(tmp_path, capsys):
    load_classifier(finished_run(tmp_path / "run", "data")).save(tmp_path / "one" / runs.AGENT_FILE)
    assert run(memory.main, ["replay", str(tmp_path / "one")]) == 2
    assert "expected the folder of a run with snapshots" in capsys.readouterr().err
