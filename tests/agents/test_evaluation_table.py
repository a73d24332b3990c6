import math

import pytest

from cookie_jar.agents import AgentError, Evaluation, FileError, NotFiniteError
from cookie_jar.agents.evaluation_table import EvaluationTable

HEADER = "steps,happiness,percent_of_possible,success,length"
ROWS = "0,-2.0,-10.0,0.0,200.0\n50,1.5,100.0,1.0000000000000002,7.0\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "evaluations.csv"


def read(path, until=math.inf):
    table = EvaluationTable()
    table.read(path, until)
    return table


@pytest.mark.parametrize(
    "further", [{}, {"sampled": 0.5}, {"unseen": 0.25}, {"sampled": 0.5, "unseen_sampled": 0}]
)
def test_evaluations_are_read_as_written(path, further):
    table = EvaluationTable()
    for steps in (0, 100, 250):
        table.add(steps, Evaluation(-1 / 3, math.nan, 200.0), math.nan, further)
    table.write(path)
    again = read(path)
    assert again.lines() == table.lines()
    assert again.extent == table.extent
    assert again.steps == [0, 100, 250]
    assert read(path, 100).steps == [0, 100]
    assert again.further == {name: [value] * 3 for name, value in further.items()}


def test_an_old_file_is_read(path):
    path.write_text(f"\ufeff{HEADER}\n{ROWS}".replace("\n", "\r\n"), newline="")
    assert read(path).greedy[1] == (1.5, 1.0000000000000002, 7.0)


@pytest.mark.parametrize(
    "row",
    [
        *(f"{steps},1.0,5.0,1.0,7.0" for steps in ("50", "49", "-1", "1e3", "6_0", "٦٠", "60.0", "", "nan")),
        *(f"60,{value},5.0,1.0,7.0" for value in ("nan", "inf", "1e400", "", "x", " 1", "+1.0")),
        *(f"60,1.0,{value},1.0,7.0" for value in ("inf", "1e400", "", "x")),
        *(f"60,1.0,5.0,{value},7.0" for value in ("-0.1", "1.1", "inf", "")),
        *(f"60,1.0,5.0,1.0,{value}" for value in ("-1.0", "nan", "inf", "")),
        *("60,1.0,5.0,1.0", "60,1.0,5.0,1.0,7.0,3.0", "60;1.0;5.0;1.0;7.0", "", '60,"1.0",5.0,1.0,7.0'),
    ],
)
def test_an_impossible_row_is_refused(path, row):
    path.write_text(f"{HEADER}\n{ROWS}{row}\n70,1.0,5.0,1.0,7.0\n")
    with pytest.raises(FileError, match=r"evaluations\.csv, line 4: expected .*, got ") as caught:
        read(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "header",
    [
        *("", "steps", HEADER.replace("happiness", "joy"), f"{HEADER},other", f"{HEADER},sampled,sampled"),
        *(f"{HEADER},steps", f"{HEADER},unseen,sampled", HEADER.replace(",", ";"), f" {HEADER}"),
    ],
)
def test_unknown_and_repeated_columns_are_refused(path, header):
    path.write_text(f"{header}\n{ROWS}")
    with pytest.raises(FileError, match="line 1: expected the columns"):
        read(path)


def test_a_cut_file_is_refused(path):
    path.write_text(f"{HEADER}\n{ROWS}"[:-1])
    with pytest.raises(FileError, match="line 3: expected a line break"):
        read(path)


def test_percent_is_a_linear_function_of_the_mean_return(path):
    good = "0,-2.0,-10.0,0.0,200.0\n50,0.0,50.0,0.5,7.0\n60,2.0,110.0,1.0,7.0\n"
    path.write_text(f"{HEADER}\n{good}")
    read(path).check_percent(path)
    path.write_text(f"{HEADER}\n{good.replace('50.0', '51.0')}")
    with pytest.raises(FileError, match="line 3: expected 50 percent of possible, as in other rows, got 51"):
        read(path).check_percent(path)


def test_columns_do_not_change_within_a_run():
    table = EvaluationTable()
    table.add(0, Evaluation(1.0, 1.0, 7.0), 100.0, {"sampled": 1.0})
    with pytest.raises(AgentError, match=r"expected the columns .*sampled as before"):
        table.add(1, Evaluation(1.0, 1.0, 7.0), 100.0, {})
    for evaluation in (
        Evaluation(math.nan, 1.0, 7.0),
        Evaluation(1.0, 5.0, 7.0),
        Evaluation(1.0, 1.0, math.inf),
    ):
        with pytest.raises(NotFiniteError, match="expected an evaluation with finite returns"):
            table.add(1, evaluation, 100.0, {"sampled": 1.0})
    assert table.steps == [0]
