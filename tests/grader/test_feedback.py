"""Findings as a student reads them: what was thought, what it explains, where to go on."""

import pytest

from grader import feedback
from grader.records import Diagnosis, Finding, Idea

FORGOTTEN = Idea("scale_forgotten", "misconception", "The box was not scaled.", "Step 1. Quantize the box")
OVERLAP = Idea("overlapping_bins", "convention", "These are overlapping bins, as in Caffe.", "Step 2. Bins")
CHANNEL = Idea("right_in_first_channel_only", "behaviour", "Only channel 0 is right.", "")


def finding(idea, *functions, confidence=1.0):
    return Finding(idea, functions, agreeing=12, against=3, confidence=confidence, cases=("test_hidden",))


def said(*findings, unexplained=(), first=None):
    return feedback.lines(feedback.told(Diagnosis(findings, unexplained), first))


def test_a_misconception_says_what_it_explains_and_where_to_go_back_to():
    assert said(finding(FORGOTTEN, "quantize_roi")) == [
        (0, "Your results are what this idea gives."),
        (2, "1. The box was not scaled. (certain)"),
        (5, "This explains `quantize_roi`. Go back to “Step 1. Quantize the box”."),
    ]


def test_who_computed_another_convention_made_no_slip():
    assert said(finding(OVERLAP, "bin_edges", "roi_pool")) == [
        (
            0,
            "Where your numbers differ, they follow another convention of the field: "
            "not a slip, but not what is asked for here.",
        ),
        (2, "1. These are overlapping bins, as in Caffe. (another convention)"),
        (5, "This explains `bin_edges` and `roi_pool`. Go back to “Step 2. Bins”."),
    ]


def test_beside_a_mistake_another_convention_is_not_called_correct():
    opening = said(finding(FORGOTTEN, "quantize_roi"), finding(OVERLAP, "roi_pool"))[0]
    assert opening == (0, "Your results are what these ideas give.")
    opening = said(finding(OVERLAP, "roi_pool"), unexplained=("bin_edges",))[0]
    assert opening == (0, "Some of your results are what this idea gives.")


def test_a_behaviour_is_worded_as_seen():
    assert said(finding(CHANNEL, "roi_pool", confidence=0.7)) == [
        (0, "None of the usual mistakes gives these numbers, but there is a rule in how they differ."),
        (2, "1. Only channel 0 is right. (seen in the results)"),
        (5, "Seen in `roi_pool`."),
    ]


def test_what_leads_to_no_section_leads_to_the_first_public_check_that_fails():
    assert said(finding(CHANNEL, "roi_pool"), first="5 cells in 2 bins: 2 + 3.")[-1] == (
        0, "Start with the first public check that fails: 5 cells in 2 bins: 2 + 3.",
    )  # fmt: skip
    assert said(finding(FORGOTTEN, "quantize_roi"), first="665 / 32")[-1][0] == 5


def test_several_findings_of_one_function_act_together():
    lines = said(finding(FORGOTTEN, "quantize_roi", "roi_pool"), finding(OVERLAP, "roi_pool"))
    assert lines[-1] == (0, "In `roi_pool`, 1 and 2 act together: the results agree once both are mended.")


def test_what_nothing_explains_leads_to_the_first_public_check_that_fails():
    assert said(unexplained=("bin_edges",), first="5 cells in 2 bins: 2 + 3.") == [
        (
            0,
            "None of the usual mistakes gives the numbers of `bin_edges`. "
            "Start with the first public check that fails: 5 cells in 2 bins: 2 + 3.",
        )
    ]
    assert said(unexplained=("bin_edges",)) == [
        (0, "None of the usual mistakes gives the numbers of `bin_edges`.")
    ]
    assert said(unexplained=("bin_edges",), first="")[0][1].endswith(
        "The public checks hold: read again what the hidden ones ask for."
    )


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "certain"), (0.99, "certain"), (0.95, "very likely"), (0.89, "likely"), (0.0, "likely")],
)
def test_confidence_is_told_in_words(confidence, words):
    (advice,) = feedback.told(Diagnosis((finding(FORGOTTEN, "a", confidence=confidence),))).advice
    assert advice.label == words


def test_of_a_right_submission_nothing_is_said():
    assert said() == []
    assert not feedback.told(Diagnosis())
    assert feedback.short(Diagnosis()) == ""


def test_a_table_gets_a_few_words():
    diagnosis = Diagnosis((finding(FORGOTTEN, "a"), finding(OVERLAP, "b")))
    assert feedback.short(diagnosis) == "scale forgotten + overlapping bins"


def test_no_number_and_no_case_of_the_evidence_is_told():
    text = repr(said(finding(FORGOTTEN, "a"), unexplained=("b",)))
    assert not any(secret in text for secret in ("12", "3", "test_hidden"))
