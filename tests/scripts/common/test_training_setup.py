import pytest

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.training_setup import new_folder


def test_a_default_name_that_is_taken_is_numbered(tmp_path):
    names = [new_folder(tmp_path, None, "run", False).name for _ in range(3)]
    assert names == ["run", "run-2", "run-3"]


def test_a_name_that_is_taken_is_refused_unless_it_may_be_overwritten(tmp_path):
    folder = new_folder(tmp_path / "deep", "mine", "run", False)
    assert folder == tmp_path / "deep" / "mine"
    with pytest.raises(UsageError, match="mine exists already: choose another --name, or add --overwrite"):
        new_folder(tmp_path / "deep", "mine", "run", False)
    assert new_folder(tmp_path / "deep", "mine", "run", True) == folder


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot create the folder"):
        new_folder(tmp_path / "file", "mine", "run", False)
