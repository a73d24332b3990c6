"""The quiz of the tour in the terminal: six questions; the seed of an attempt decides the numbers."""

from cookie_jar.scripts.common.lessons import Station, questions
from cookie_jar.scripts.teaching.dialogue import Dialogue
from cookie_jar.scripts.teaching.stations import order, play, right_choice

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
    for number, question in enumerate(asked, 1):
        place = dialogue.text("quiz.place", {"number": number})
        dialogue.write(f"{place}: {dialogue.text(f'quiz.{question.id}.title')}", "bold")
        points += ask(dialogue, question, number, attempt)
        dialogue.console.out()
    passed = points >= len(asked) - 1
    if dialogue.waits:
        dialogue.say(f"quiz.{'end' if passed else 'again'}.title", {"points": points}, style="bold")
    if dialogue.waits and not passed:
        dialogue.say("quiz.again.question")
    return passed


def ask(dialogue: Dialogue, question: Station, number: int, attempt: int) -> bool:
    """Ask a question, show the answer, and return whether it was right."""
    key = f"quiz.{question.id}"
    with dialogue.measuring():
        facts = play(question, attempt % ATTEMPTS)
    dialogue.say(f"{key}.question", facts)
    shuffled = order(question, number)
    choices = [dialogue.text(f"{key}.choices.{choice}", facts) for choice in shuffled]
    chosen, right = dialogue.choose(choices), shuffled.index(right_choice(question, facts))
    dialogue.judge(chosen, right, choices)
    dialogue.say(f"{key}.see", facts)
    return chosen == right
