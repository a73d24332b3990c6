import numpy as np
import pytest

from cookie_jar.scripts.viewer.quiz import Questions, Quiz, result_rows

KINDS = "raisin", "chocolate chip", "plain"
LABELS = np.array([0, 1, 2, 1])
PICTURES = np.zeros((4, 8, 8, 3), np.uint8)


def make_quiz(predicted=None, ceiling=None):
    return Quiz(Questions(PICTURES, LABELS, KINDS, "conv", predicted, ceiling))


def test_it_ends_after_the_last_picture():
    quiz = make_quiz()
    assert [quiz.answer(label) for label in (0, 1, 2)] == [True] * 3
    assert (quiz.position, quiz.ended) == (3, False)
    assert quiz.answer(0)
    assert quiz.ended
    assert not quiz.answer(0)
    assert quiz.answers == [0, 1, 2, 0]


@pytest.mark.parametrize("label", [-1, 3])
def test_a_label_that_does_not_exist_is_ignored(label):
    quiz = make_quiz()
    assert not quiz.answer(label)
    assert quiz.position == 0


def test_an_answer_can_be_changed_before_the_end_but_not_when_the_labels_are_known():
    quiz = make_quiz()
    assert not quiz.back()
    quiz.answer(2)
    assert quiz.back()
    assert (quiz.position, quiz.answers[0]) == (0, 2)
    for label in (0, 1, 2, 1):
        quiz.answer(label)
    assert not quiz.back()
    assert quiz.marks()[0].right == 4


def test_the_marks_count_the_labelled_pictures_alone():
    quiz = make_quiz(predicted=np.array([0, 0, 2, 0]))
    assert quiz.marks() == []
    quiz.answer(2)
    quiz.answer(1)
    you, model = quiz.marks()
    assert (you.name, you.right, you.pictures) == ("you", 1, 2)
    assert (model.name, model.right, model.pictures) == ("conv", 1, 2)
    assert you.accuracy == pytest.approx((0.5, 0.0126, 0.9874), abs=1e-4)  # Clopper and Pearson


def test_the_mistakes_are_those_of_the_person_and_of_the_model():
    quiz = make_quiz(predicted=np.array([0, 0, 2, 0]))
    for label in (2, 1, 2):
        quiz.answer(label)
    assert quiz.mistakes() == [0, 1]


def test_the_result_as_text():
    quiz = make_quiz(predicted=LABELS, ceiling=0.969)
    assert result_rows(quiz) == []
    for label in (0, 1, 2, 0):
        quiz.answer(label)
    assert result_rows(quiz) == [
        ("you", "3 of 4", "75 %", "19 to 99 %"),
        ("conv", "4 of 4", "100 %", "40 to 100 %"),
        ("ceiling", "", "96.9 %", ""),
    ]
