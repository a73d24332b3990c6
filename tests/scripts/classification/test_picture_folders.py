import os

import pytest
from needs import needs_links, needs_posix

from cookie_jar.scripts.common.dataset import DATA, TABLE_FILE, read_dataset


def test_folders_become_kinds(call, photographs):
    text = call("gather", "--from", "photos")
    assert "16 pictures with sides from 30 to 40 pixels were cropped" in text
    dataset = read_dataset(DATA)
    assert dataset.kinds == ("crunchy", "soft")
    assert dataset.labels.tolist() == [0] * 8 + [1] * 8
    assert dataset.attributes is None
    assert dataset.about == {"source": "files", "folder": "photos", "size": 32}
    assert (DATA / TABLE_FILE).read_text().splitlines()[1] == "0,crunchy,crunchy/0.png"


def test_hidden_files_and_notes_beside_the_folders_are_ignored(call, photographs):
    for name in (".DS_Store", "README.md", "soft/.DS_Store", "soft/Thumbs.db"):
        (photographs / name).write_text("x")
    call("gather", "--from", "photos")
    assert len(read_dataset(DATA).labels) == 16


def test_metadata_may_name_the_labels_of_files_in_one_folder(call, inside, photographs):
    (inside / "flat").mkdir()
    rows = ["file_name,label"]
    for path in sorted(photographs.rglob("*.png")):
        path.rename(inside / "flat" / f"{path.parent.name}-{path.name}")
        rows.append(f"{path.parent.name}-{path.name},{path.parent.name.upper()}")
    (inside / "flat" / "metadata.csv").write_text("\n".join(rows))
    call("gather", "--from", "flat")
    assert read_dataset(DATA).kinds == ("CRUNCHY", "SOFT")


def test_kinds_of_cookies_have_the_order_of_cookies(call, photographs):
    (photographs / "crunchy").rename(photographs / "plain")
    (photographs / "soft").rename(photographs / "chocolate chip")
    call("gather", "--from", "photos")
    assert read_dataset(DATA).kinds == ("chocolate chip", "plain")


@pytest.fixture
def bad_files(photographs):
    """Three files that are no pictures."""
    (photographs / "soft" / "3.png").write_bytes((photographs / "soft" / "3.png").read_bytes()[:100])
    (photographs / "soft" / "a\x1b[31m.txt").write_text("not a picture")
    (photographs / "crunchy" / "link.png").symlink_to("0.png")


@needs_links
@needs_posix
def test_bad_files_are_named_and_nothing_is_written(bad_files, refused, capsys, inside):
    from cookie_jar.scripts import cookies
    from cookie_jar.scripts.common.console import run

    assert run(cookies.main, ["gather", "--from", "photos"]) == 2
    shown = capsys.readouterr()
    assert "3 of 18 files cannot be read: correct them, or add --skip-bad" in shown.err
    for name in ("soft/3.png", "soft/a\\x1b[31m.txt", "crunchy/link.png: expected a file, got a link"):
        assert name in shown.out.replace("\n", "")
    assert "\x1b[31m" not in shown.out
    assert not DATA.exists()


@needs_links
@needs_posix
def test_bad_files_are_left_out_if_asked_for(bad_files, call):
    text = call("gather", "--from", "photos", "--skip-bad")
    assert text.count("left out: ") == 3
    assert len(read_dataset(DATA).labels) == 15


def change(folder, name):
    """Spoil a folder of photographs."""
    match name:
        case "nested":
            (folder / "soft" / "more").mkdir()
        case "empty":
            (folder / "none").mkdir()
        case "link":
            (folder / "etc").symlink_to(os.sep)
        case "metadata link":
            (folder / "metadata.csv").symlink_to(os.devnull)
        case "one kind":
            (folder / "soft").rename(folder.parent / "soft")
        case "beside":
            (folder / "soft" / "0.png").rename(folder / "0.png")
        case "other label":
            names = [f"{kind}/{n}.png" for kind in ("crunchy", "soft") for n in range(8)]
            (folder / "metadata.csv").write_text(
                "\n".join(["file_name,label", *(f"{n},soft" for n in names)])
            )
        case "unreadable kind":
            for path in (folder / "soft").iterdir():
                path.write_text("x")
        case "formula":
            (folder / "soft").rename(folder / "=soft")


@needs_links
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nested", "got the folder photos/soft/more; FOLDER is the one that holds"),
        ("empty", "got none in photos/none"),
        ("link", "got the link photos/etc"),
        ("metadata link", "got the link photos/metadata.csv"),
        ("one kind", "expected 2 to 100 kinds, got 1"),
        ("beside", "expected a folder for each kind, or labels in metadata.csv, got the file 0.png"),
        ("other label", "expected the label of crunchy/0.png to be its folder, got 'soft'"),
        ("unreadable kind", "none of soft could be read"),
        ("formula", "expected a plain name of a kind"),
    ],
)
def test_another_layout_is_refused(photographs, refused, name, message):
    change(photographs, name)
    assert message in refused("gather", "--from", "photos", "--skip-bad")
    assert not DATA.exists()


def test_a_folder_without_pictures_is_refused(inside, refused):
    (inside / "photos").mkdir()
    assert "found none in photos" in refused("gather", "--from", "photos")
