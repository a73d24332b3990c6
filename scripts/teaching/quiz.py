"""The quiz of the tour in the terminal: six questions with numbers drawn by a seed."""

from cookie_jar.scripts.common.lessons import Station, questions
from cookie_jar.scripts.teaching.dialogue import Dialogue
from cookie_jar.scripts.teaching.stations import Laboratory, order, right_choice


def take_quiz(dialogue: Dialogue, attempt: int) -> bool:
    """Ask the questions, and return whether all answers but one were right.

    Args:
        dialogue: Prints and asks.
        attempt: The number of attempts before, which selects the numbers.
    """
    asked = questions()
    needed = {"pass": len(asked) - 1}
    dialogue.say("quiz.heading", needed, style="bold")
    dialogue.console.out()
    points = 0
    for number, question in enumerate(asked, 1):
        place = dialogue.text("quiz.place", {"number": number, "count": len(asked)})
        dialogue.write(f"{place}: {dialogue.text(f'quiz.{question.id}.title')}", "bold")
        points += ask(dialogue, question, seed_of(attempt, number))
        dialogue.console.out()
    if dialogue.waits:
        dialogue.say("quiz.result", {"points": points, "count": len(asked)})
        dialogue.say("quiz.passed" if points >= needed["pass"] else "quiz.failed", needed)
    return points >= needed["pass"]


def seed_of(attempt: int, number: int) -> int:
    """Return the seed of a question, numbered from 1, in an attempt: another one for each."""
    return len(questions()) * attempt + number


def ask(dialogue: Dialogue, question: Station, seed: int) -> bool:
    """Ask a question, show the answer, and return whether it was right."""
    key = f"quiz.{question.id}"
    with dialogue.measuring():
        laboratory = Laboratory(question.kitchen, seed)
        laboratory.do([*question.before, *question.operations])
    facts = laboratory.facts
    dialogue.say(f"{key}.question", facts)
    shuffled = order(len(question.choices), seed)
    choices = [dialogue.text(f"{key}.choices.{number}", facts) for number in shuffled]
    chosen, right = dialogue.choose(choices), shuffled.index(right_choice(question, facts))
    if chosen == right:
        dialogue.say("tour.right", style="bold")
    else:
        dialogue.say("tour.wrong" if chosen is not None else "tour.answer", {"answer": choices[right]})
    dialogue.say(f"{key}.see", facts)
    return chosen == right
