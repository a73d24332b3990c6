"""Labels as a person types them: names of kinds, their beginnings, or numbers."""

from cookie_jar.scripts.common.console import UsageError, printable


def parse_answers(text: str, kinds: tuple[str, ...], number: int) -> list[int]:
    """Return the labels in a comma-separated list.

    Raises:
        UsageError: If a word is not the beginning of exactly one kind, or the list has another length.
    """
    given = [word.strip().lower() for word in text.split(",")]
    if len(given) != number:
        raise UsageError(f"--answers: expected {number} labels, one for each picture, got {len(given)}")
    return [_label(word, kinds, place) for place, word in enumerate(given, 1)]


def _label(word: str, kinds: tuple[str, ...], place: int) -> int:
    """Return the label that a word means."""
    names = [kind.lower() for kind in kinds]
    if word in names:
        return names.index(word)
    if word.isascii() and word.isdigit() and 1 <= int(word) <= len(kinds):
        return int(word) - 1
    found = [label for label, name in enumerate(names) if word and name.startswith(word)]
    if len(found) != 1:
        expected = f"one of {', '.join(kinds)}, or its beginning"
        raise UsageError(f"--answers: picture {place}: expected {expected}, got {printable(repr(word), 40)}")
    return found[0]


def example(kinds: tuple[str, ...]) -> str:
    """Return the labels of the first three kinds as an example."""
    letters = [kind[0].lower() for kind in kinds]
    numbers = [str(number) for number in range(1, len(kinds) + 1)]
    return ",".join((letters if len(set(letters)) == len(kinds) else numbers)[:3])
