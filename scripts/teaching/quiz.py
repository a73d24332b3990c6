"""The quiz of the tour in the terminal: six questions; the seed of an attempt decides the numbers."""

from cookie_jar.scripts.common.lessons import Station, questions
from cookie_jar.scripts.teaching.dialogue import Dialogue
from cookie_jar.scripts.teaching.stations import play, right_choice

ATTEMPTS = 30  # after these, the numbers come again


def take_quiz(dialogue: Dialogue, attempt: int) -> bool:
    """Ask the questions, and return whether all answers but one were right.

    Args:
        dialogue: Prints and asks.
        attempt: The number of attempts before, which selects the numbers.
    """
    asked = questions()
    dialogue.say("quiz.heading", style="bold")
    dialogue.console.out()
    points = 0
    for question in asked:
        points += ask(dialogue, question, attempt)
        dialogue.console.out()
    passed = points >= len(asked) - 1
    if dialogue.waits:
        dialogue.say(f"quiz.{'end' if passed else 'again'}.title", {"points": points}, style="bold")
    if dialogue.waits and not passed:
        dialogue.say("quiz.again.question")
    return passed


def ask(dialogue: Dialogue, question: Station, attempt: int) -> bool:
    """Ask a question, show the answer, and return whether it was right."""
    dialogue.say(f"{question.id}.title", style="bold")
    with dialogue.measuring():
        facts = play(question, attempt % ATTEMPTS)
    dialogue.say(f"{question.id}.question", facts)
    chosen = dialogue.choose(question, facts)
    dialogue.explain(question, facts, chosen, right := right_choice(question, facts))
    return chosen == right
