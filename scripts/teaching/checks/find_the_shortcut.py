"""Exercise 11: a classifier that sees only a region of the pictures."""

from cookie_jar.scripts.teaching.checks.albums import SIZE, accuracies, album, tests
from cookie_jar.scripts.teaching.faults import Answers, FaultError, value_of, whole_numbers

NAME = "REGION"
QUESTIONS = {NAME: None}
MOST_PIXELS, ENOUGH = 16, 85  # per cent
COOKIE = range(4, 12)  # rows and columns that show the cookie in nearly all pictures


def judge(answers: Answers) -> str:
    """Check the region, then the accuracy of a classifier that sees nothing else."""
    top, left, height, width = whole_numbers(value_of(answers, NAME), NAME, 4)
    if height < 1 or width < 1:
        raise FaultError(
            f"{NAME}: expected at least one row and one column, found {height} rows and {width} columns."
        )
    if min(top, left) < 0 or max(top + height, left + width) > SIZE:
        raise FaultError(
            f"{NAME}: expected a region inside the picture, rows and columns 0 to {SIZE - 1}; found the rows "
            f"{top} to {top + height - 1} and the columns {left} to {left + width - 1}."
        )
    if height * width > MOST_PIXELS:
        raise FaultError(
            f"{NAME}: expected at most {MOST_PIXELS} pixels, found {height} x {width} = {height * width}. In "
            "a large region you cannot see what it is that counts."
        )
    rows, columns = slice(top, top + height), slice(left, left + width)
    same, other = accuracies(
        album().pictures[:, rows, columns], *(test.pictures[:, rows, columns] for test in tests())
    )
    if same >= ENOUGH:
        return (
            f"These {height * width} pixels alone tell the kind of {same:.0f} % of the pictures, without any "
            f"cookie: it is the table cloth. In the other album they are right for {other:.0f} %. What a "
            "model has learned shows only in pictures in which the shortcut is wrong."
        )
    inside = top in COOKIE and left in COOKIE and top + height - 1 in COOKIE and left + width - 1 in COOKIE
    where = "There is the cookie: it is what should count, but" if inside else "Part of it is cookie."
    advice = "What else is in each picture?" if inside else "Choose pixels that never show the cookie."
    raise FaultError(
        f"{NAME}: a classifier that sees only this region is right for {same:.0f} % of new pictures of the "
        f"album; expected at least {ENOUGH} %. {where} "
        f"{'this is not what the classifier found. ' if inside else ''}{advice}"
    )
