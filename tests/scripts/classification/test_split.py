import pytest

from cookie_jar.scripts.classification.data_folder import record_run
from cookie_jar.scripts.common.dataset import DATA, OPENINGS_FILE, SPLIT_FILE
from cookie_jar.scripts.common.split import parts, split_digest


@pytest.fixture
def gathered(call):
    call("gather", "--number", 60)


def test_the_parts_are_printed_and_written(gathered, call):
    text = call("split", "--validation", 0.1, "--test", 12)
    assert [len(indices) for indices in parts(DATA)[1]] == [42, 6, 12]
    assert [line.split()[-1] for line in text.splitlines()[1:4]] == ["42", "6", "12"]
    assert "Next: cookie-jar cookies train" in text


def test_an_unused_split_can_be_changed(gathered, call):
    call("split")
    before = (DATA / SPLIT_FILE).read_text()
    call("split", "--seed", 1)
    assert (DATA / SPLIT_FILE).read_text() != before


def test_a_split_that_runs_learned_from_is_kept(gathered, call, refused, inside):
    call("split")
    dataset, split = parts(DATA)
    record_run(DATA, inside / "runs" / "mine", split_digest(dataset, split))
    before = (DATA / SPLIT_FILE).read_text()
    message = refused("split", "--seed", 1)
    assert "runs/mine learned from this split" in message
    assert "--overwrite" in message
    assert (DATA / SPLIT_FILE).read_text() == before
    call("split")  # the same one
    call("split", "--seed", 1, "--overwrite")
    assert (DATA / SPLIT_FILE).read_text() != before
    call("split", "--seed", 2)  # no run learned from that of seed 1


def test_a_split_whose_test_set_was_opened_is_kept(gathered, call, refused):
    call("split")
    used = split_digest(*parts(DATA))
    (DATA / OPENINGS_FILE).write_text(f"time,run,split\nnow,runs/x,{used}\n")
    assert "test set of this split was opened" in refused("split", "--seed", 1)


def test_a_run_is_recorded_once(gathered, inside):
    for _ in range(2):
        record_run(DATA, inside / "x", "digest")
    assert len((DATA / "runs.csv").read_text().splitlines()) == 2


def test_a_damaged_split_is_replaced_only_if_asked_for(gathered, call, refused):
    (DATA / SPLIT_FILE).write_text("damaged")
    assert "add --overwrite to replace the split" in refused("split")
    call("split", "--overwrite")
    parts(DATA)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--test", "0"], "--test: expected a number of pictures"),
        (["--test", "1.5"], "--test: expected a number of pictures"),
        (["--validation", "x"], "--validation: expected a number"),
        (["--test", "60"], "leave some for training"),
        (["--validation", "1"], "expected at least one picture of each kind"),
        (["nowhere"], "gather nowhere"),
        (["--seed", "-1"], "--seed"),
    ],
)
def test_mistakes(gathered, refused, words, message):
    assert message in refused("split", *words)
    assert not (DATA / SPLIT_FILE).exists()
