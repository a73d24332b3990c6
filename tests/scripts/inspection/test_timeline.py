import re

from cookie_jar.scripts import memory


def test_the_score_of_every_snapshot_is_shown(trained, show):
    rows = [line.split() for line in show("replay", trained("corner")).splitlines()[1:]]
    steps = [int(row[0].replace(",", "")) for row in rows]
    assert steps[0] == 0
    assert steps[-1] == 5_000
    assert steps == sorted(steps)
    assert rows[0][1:4] == ["-2.00", "-17.9", "%"]
    assert rows[-1][1:4] == ["1.45", "100.0", "%"]
    assert "█" * 20 in rows[-1]
    changed = [int(re.search(r"([\d,]+) of 400", " ".join(row))[1].replace(",", "")) for row in rows]
    assert changed[0] == 0 < changed[-1]
    assert changed == sorted(changed)


def test_policy_gradients_have_a_timeline_too(trained, show):
    last = show("replay", trained("table")).splitlines()[-1]
    assert "1.45" in last
    assert "of 440" in last


def test_environments_without_an_optimum_have_no_bars(trained, show):
    shown = show("replay", trained("cart"))
    assert len(shown.splitlines()) >= 3
    assert "%" not in shown
    assert "█" not in shown


def test_a_folder_without_snapshots_is_refused(refuse, tmp_path):
    assert "with snapshots" in refuse(memory.main, ["replay", str(tmp_path)])
    assert "expected the folder of a run" in refuse(memory.main, ["replay", str(tmp_path / "nowhere")])
