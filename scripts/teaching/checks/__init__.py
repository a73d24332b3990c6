"""The checks of the exercises, a module each.

`QUESTIONS` (or `questions()`) says what to ask the code of a student: a name for its value, or a function and
the arguments of its calls. `judge(answers)` raises the first `FaultError`, or returns what the student has
shown. The answers come from foreign code: they may be any plain value.
"""
