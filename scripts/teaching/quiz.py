"""The quiz of the tour in the terminal: six questions with numbers drawn by a seed."""

from cookie_jar.scripts.common.lessons import Station
from cookie_jar.scripts.teaching.dialogue import Dialogue
from cookie_jar.scripts.teaching.stations import Laboratory, order, right_choice

PASS = 5  # right answers
SEEDS = 10  # seeds of an attempt: one for each question


def take_quiz(dialogue: Dialogue, questions: list[Station], attempt: int) -> bool:
    """Ask the questions, and return whether enough answers were right.

    Args:
        dialogue: Prints and asks.
        questions: The questions.
        attempt: The number of attempts before, which selects the numbers.
    """
    dialogue.say("quiz.heading", {"pass": PASS}, style="bold")
    dialogue.console.out()
    points = 0
    for number, question in enumerate(questions, 1):
        place = dialogue.text("quiz.place", {"number": number, "count": len(questions)})
        dialogue.write(f"{place}: {dialogue.text(f'quiz.{question.id}.title')}", "bold")
        points += ask(dialogue, question, SEEDS * attempt + number)
        dialogue.console.out()
    if dialogue.waits:
        dialogue.say("quiz.result", {"points": points, "count": len(questions)})
        dialogue.say("quiz.passed" if points >= PASS else "quiz.failed", {"pass": PASS})
    return points >= PASS


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
