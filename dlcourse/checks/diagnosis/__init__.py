"""Name the cause of a wrong outcome.

A rule looks at the evidence of one failing case and returns what to say about it, or an empty
text when it does not apply. `diagnose` asks in this order and takes the first answer:

    mistakes.py   a mistake that the check knows, made on every input
    kinds.py      nothing came back, unless `code_names` sees whence
    state.py      the same input gives two results
    code_*.py     the code itself shows what is wrong (the learner's code is read, never run)
    mistakes.py   most likely a mistake that the check knows
    kinds.py      the wrong kind of thing came back, or an argument was changed
    shapes.py     an array of the wrong shape
    numbers.py    wrong numbers
    code_*.py     the code looks as if

After an error, `errors.py` explains it, with the learner's own line and names.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from dlcourse.checks.diagnosis import (
    code_expressions,
    code_loops,
    code_names,
    code_slips,
    kinds,
    mistakes,
    numbers,
    shapes,
    state,
)
from dlcourse.checks.diagnosis.errors import explain
from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.diagnosis.hint import NOTHING, Hint
from dlcourse.checks.source import of_function

__all__ = ["CERTAIN", "RULES", "Evidence", "Hint", "diagnose", "explain"]

Rule = Callable[[Evidence], str | Hint]

# What is certain: before a mistake is named that only is the most likely one.
CERTAIN: tuple[Rule, ...] = (
    code_names.result_of_a_change,
    kinds.nothing,
    state.kept,
    code_slips.sign_behind_equals,
    code_slips.method_without_brackets,
    code_slips.one_minus_without_brackets,
    code_slips.bits_turned,
    code_slips.text_never_met,
    code_slips.fractions_into_whole_numbers,
    code_loops.return_in_loop,
    code_expressions.always_true,
    code_expressions.power,
    code_expressions.half_as_power,
    code_expressions.divided_too_early,
    code_expressions.minus_before_times,
    code_expressions.comparisons_joined_by_bits,
    code_expressions.minus_before_power,
    code_expressions.is_for_equal,
    code_names.unused_parameter,
    code_loops.overwritten,
    code_loops.starts_anew,
    code_loops.shrinks_on_the_way,
    code_names.one_array_appended,
    code_names.second_name,
    code_names.one_array_two_names,
    code_loops.entry_as_index,
    code_expressions.one_row_many_times,
    code_expressions.one_number_a_row,
    code_names.discarded,
    numbers.handed_back,
)

RULES: tuple[Rule, ...] = (
    # What the code shows, whatever came out.
    code_names.never_used,
    code_expressions.digits_of_a_constant,
    # What came out.
    kinds.argument,
    kinds.count,
    kinds.swapped,
    kinds.kind,
    shapes.shape,
    numbers.finite,
    numbers.not_finite,
    numbers.zeros,
    numbers.constant,
    numbers.rounded,
    numbers.integer,
    numbers.factor,
    numbers.off_by_one,
    numbers.activation,
    numbers.relation,
    numbers.unchanged,
    # What is right only most of the time, or says little.
    code_loops.one_off,
    code_loops.same_every_round,
    code_loops.same_entry_every_round,
    code_loops.extreme_from_zero,
    code_expressions.divided_and_multiplied,
    numbers.nearly,
    numbers.order,
    numbers.some_right,
    code_expressions.clipped,
)


def diagnose(evidence: Evidence) -> Hint:
    """Return what the first rule that applies has to say."""
    made = mistakes.Made(evidence)
    if mistake := mistakes.exactly(made):
        return Hint(mistake.hint, mistakes.line(mistake, evidence), mistake.name)
    if evidence.outcome.error is not None:
        said = explain(evidence.outcome.error, evidence.check, evidence.source)
        return Hint(said) if said else _first(filter(_reads_code, (*CERTAIN, *RULES)), evidence)
    if (hint := _first(CERTAIN, evidence)).text:
        return hint
    if likely := mistakes.likely(made) or mistakes.beside_another(made):
        return Hint(likely)
    return _first(RULES, evidence)


def _first(rules: Iterable[Rule], evidence: Evidence) -> Hint:
    for rule in rules:
        if _reads_code(rule) and evidence.source is None:
            continue
        hint = _said(rule, evidence)
        if hint.text and not (_reads_code(rule) and _blames_the_right_answer(rule, evidence)):
            return hint
    return NOTHING


def _said(rule: Rule, evidence: Evidence) -> Hint:
    said = rule(evidence)
    return said if isinstance(said, Hint) else Hint(said)


def _reads_code(rule: Rule) -> bool:
    return ".code_" in rule.__module__


def _blames_the_right_answer(rule: Rule, evidence: Evidence) -> bool:
    """Tell whether a rule on the code finds the same fault with the right answer of the check."""
    right = of_function(evidence.check.plain or evidence.check.reference)
    return right is not None and bool(_said(rule, replace(evidence, source=right)).text)
