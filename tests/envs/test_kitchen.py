import numpy as np
import pytest
from boards import board, kitchens, maps
from hypothesis import given, settings

from cookie_jar.envs import KITCHENS, Kitchen, KitchenError, OptionError
from cookie_jar.envs.kitchen import MAX_FLOOR_CELLS, MOVES, find_kitchen


@settings(max_examples=300)
@given(kitchens())
def test_parsing_and_drawing_a_map_are_inverse(kitchen):
    assert Kitchen.parse(str(kitchen)) == kitchen
    assert hash(Kitchen.parse(str(kitchen))) == hash(kitchen)


@settings(max_examples=500)
@given(maps())
def test_any_text_is_a_kitchen_or_a_kitchen_error(text):
    try:
        kitchen = Kitchen.parse(text)
    except KitchenError:
        return
    assert [str(kitchen).count(character) for character in "JSC"] == [1, 1, 1]


@settings(max_examples=200)
@given(kitchens())
def test_neighbours_are_what_the_map_shows(kitchen):
    for cell, (row, column) in enumerate(kitchen.places):
        for direction, (down, right) in enumerate(MOVES):
            free = kitchen.rows[row + down][column + right] in ".SC"
            after = kitchen.places[kitchen.neighbours[cell, direction]]
            assert after == ((row + down, column + right) if free else (row, column))


def test_the_named_kitchens():
    assert set(KITCHENS) >= {"home", "corner"}
    home = find_kitchen("home")
    assert (home.height, home.width, len(home.places)) == (5, 8, 17)
    assert home.jar == (0, 3)
    assert [home.places[cell] for cell in np.flatnonzero(home.beside_jar)] == [(1, 3)]
    assert home.places[home.child_start] == (3, 1)
    assert home.places[home.chair_start] == (3, 6)


def test_indentation_empty_lines_and_line_ends_do_not_count():
    plain = Kitchen.parse("#J##\n#SC#\n####")
    assert Kitchen.parse("\n\n    #J##  \r\n    #SC#\r\n    ####\r\n\n") == plain


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", None, "empty"),
        ("#J##\n#SCx\n####", (2, 4), "found 'x'"),
        ("#J##\n#S C#\n####", (2, 3), "found ' '"),
        ("#J##\n#SC#\n###", (3, 4), "equal width: line 1 has 4 characters, line 3 has 3"),
        ("#J##\n#SC#\n#####", (3, 5), "equal width"),
        ("#J##\n#SC.\n####", (2, 4), "outside"),
        ("#JT#\n#SC#\n####", (1, 3), "outside"),
        ("####\n#SC#\n####", None, "exactly one J (jar), found none"),
        ("#JJ#\n#SC#\n####", (1, 3), "exactly one J (jar), found 2"),
        ("#J##\n#.C#\n####", None, "exactly one S (start of the child), found none"),
        ("#J###\n#SCC#\n#####", (2, 4), "exactly one C (start of the chair), found 2"),
        ("#J####\n#S.#C#\n######", (2, 5), "from the child to the chair"),
        ("####J#\n#SC#.#\n######", (1, 5), "to a cell beside the jar"),
        ("J###\n#SC#\n####", (1, 1), "to a cell beside the jar"),
    ],
)
def test_a_bad_map_is_refused_with_its_place(text, place, reason):
    with pytest.raises(KitchenError) as caught:
        Kitchen.parse(text)
    error = caught.value
    assert reason in str(error)
    if place is None:
        assert error.line is None
    else:
        assert (error.line, error.column) == place
        assert f"line {place[0]}, column {place[1]}" in str(error)


def test_the_error_marks_the_place_in_the_map():
    with pytest.raises(KitchenError) as caught:
        Kitchen.parse("#J##\n#SCx\n####")
    assert str(caught.value) == board("""
        kitchen, line 2, column 4: expected one of # . T J S C, found 'x'
            #J##
            #SCx
               ^ here
            ####
    """)


def test_an_enormous_kitchen_is_refused():
    floor = "." * (MAX_FLOOR_CELLS + 1)
    with pytest.raises(KitchenError, match=f"at most {MAX_FLOOR_CELLS} walkable cells"):
        Kitchen.parse(f"#J{'#' * (len(floor) + 1)}\n#SC{floor[1:]}#\n{'#' * (len(floor) + 3)}")


CORNER = "#J##\n#SC#\n####"
WAYS_TO_WRITE = {
    "byte order mark": "\ufeff" + CORNER,
    "Windows": CORNER.replace("\n", "\r\n") + "\r\n",
    "old Macintosh": CORNER.replace("\n", "\r"),
    "tabs": "\t" + CORNER.replace("\n", " \t\n\t"),
}


@pytest.mark.parametrize("name", WAYS_TO_WRITE)
def test_ends_of_lines_and_marks_of_files_do_not_matter(name):
    assert find_kitchen(WAYS_TO_WRITE[name]) == Kitchen.parse(CORNER)


@pytest.mark.parametrize("text", ["#" * 20_000_000, "#\n" * 1_000_000, "\n" * 1_000_000, "#\0" * 10_000])
def test_a_long_text_is_refused_before_it_is_parsed(text):
    with pytest.raises(KitchenError, match=f"at most 10,000 characters, found {len(text):,}") as caught:
        find_kitchen(text)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("character", ["\0", "\x1b", "\ud800", "\u202e", "\u2028", "\x0c", "\xa0", "\x85"])
def test_characters_that_cannot_be_printed_are_escaped(character):
    with pytest.raises(KitchenError, match=r"expected one of # \. T J S C, found") as caught:
        find_kitchen(f"#J##\n#SC{character}]0;x\n####")
    assert (caught.value.line, caught.value.column) == (2, 4)
    assert str(caught.value).replace("\n", "").isprintable()


@pytest.mark.parametrize("rows", [None, 3, "#J#", [b"#J#"], [["#"]], {"#J#": 1}])
def test_lines_that_are_no_texts(rows):
    with pytest.raises(OptionError, match="the lines of a map"):
        Kitchen(rows)


def test_lines_may_be_a_list():
    assert hash(Kitchen(CORNER.splitlines())) == hash(Kitchen.parse(CORNER))


def test_a_similar_name_is_suggested():
    with pytest.raises(OptionError, match="did you mean 'corner'"):
        find_kitchen("Corner")


def test_an_unknown_name_is_refused():
    for text in ("garage", "my kitchen"):
        with pytest.raises(OptionError, match="expected one of home, corner"):
            find_kitchen(text)
    with pytest.raises(OptionError, match="got 7"):
        find_kitchen(7)
