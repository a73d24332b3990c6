import numpy as np
import pytest
from needs import needs_links

from cookie_jar.agents.files import FileError
from cookie_jar.scripts.classification.openings import (
    FILE,
    HEADER,
    Openings,
    described,
    digest,
    luck,
    read_openings,
    record_opening,
)

MODELS = [digest(np.arange(3) + i) for i in range(3)]
TESTS = [digest(np.zeros(i)) for i in range(2)]


def opened(folder, command, run, model, test_set):
    digests = {"split": "ab" * 32, "model": MODELS[model], "test_set": TESTS[test_set]}
    return record_opening(folder, command, run, **digests)


def test_openings_are_counted_per_test_set_and_models_once(tmp_path):
    assert opened(tmp_path, "test", "runs/a", 0, 0) == (1, 1)
    assert opened(tmp_path, "shift", "runs/a", 0, 0) == (2, 1)
    assert opened(tmp_path, "test", "runs/b", 1, 1) == (1, 1)
    assert opened(tmp_path, "test", "runs/b", 1, 0) == (3, 2)
    rows = read_openings(tmp_path / FILE)
    assert [row[1] for row in rows] == ["test", "shift", "test", "test"]


@pytest.mark.parametrize("run", ['=HYPERLINK("x")', "a,b\nc", "\x1b[31mred", "\ud800", 'q"uote', "a\0b"])
def test_any_name_of_a_run_is_one_row_without_formulas(tmp_path, run):
    opened(tmp_path, "test", run, 0, 0)
    assert opened(tmp_path, "test", run, 0, 0) == (2, 1)
    text = (tmp_path / FILE).read_text()
    assert len(text.splitlines()) == 3
    assert ",=" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "line 1"),
        ("a,b\n", "line 1"),
        (",".join(HEADER) + "\nx\n", "line 2"),
        (",".join(HEADER) + f"\nt,test,r,{MODELS[0]},half", "line 2"),
    ],
)
def test_a_damaged_record_is_refused_and_stays(tmp_path, text, line):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(FileError, match=f"{FILE}: {line}: expected .*move the file away"):
        opened(tmp_path, "test", "runs/a", 0, 0)
    assert (tmp_path / FILE).read_text() == text


@needs_links
def test_a_record_is_never_written_through_a_link(tmp_path):
    (tmp_path / "other").write_text(",".join(HEADER) + "\n")
    (tmp_path / FILE).symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match=FILE):
        opened(tmp_path, "test", "runs/a", 0, 0)
    assert (tmp_path / "other").read_text() == ",".join(HEADER) + "\n"


def test_the_digest_depends_on_values_shapes_and_types():
    array = np.arange(6)
    others = [array + 1, array.reshape(2, 3), array.astype(np.int32)]
    assert len({digest(array), *map(digest, others)}) == 4
    assert digest(array.reshape(2, 3).T) == digest(array.reshape(2, 3).T.copy())


def test_the_luck_of_the_best_model_is_that_of_simulated_ones():
    rng = np.random.default_rng(0)  # relative error below 0.05 fails for fewer than one seed in 10,000
    scores = rng.binomial(1_000, 0.9, size=(20_000, 8)) / 1_000
    assert luck(8, 0.9, 1_000) == pytest.approx((scores.max(axis=1) - 0.9).mean(), rel=0.05)
    assert luck(1, 0.9, 1_000) == 0


def test_the_message_warns_only_when_many_models_were_tested():
    assert described(Openings(1, 1), 0.9, 5_000) == "This test set has been opened once, for 1 model."
    assert "too good" not in described(Openings(9, 4), 0.9, 5_000)
    assert "9 times, for 8 models. If you chose" in described(Openings(9, 8), 0.9, 5_000)
