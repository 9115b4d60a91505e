"""Tries the exercises as a class would: `python3 notebooks/exercises/check.py`, once `cargo lab` has set up the kernel.

Makes the students' version from the teacher's and compares it with the one in `release`, hands in a right, a
wrong and an empty submission, lets nbgrader grade them in the real kernel, and looks at every point, at what the
tests say, and at the feedback page. `--update` writes the students' version into `release` instead.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LAB = FOLDER.parents[1] / ".lab"
ASSIGNMENT = "filters-and-training"
STUB = "this function is still to be written"
MARKS = ("// BEGIN SOLUTION", "// END SOLUTION")

# What the wrong submission answers, by cell. Questions that are not here it answers as the teacher does.
WRONG_ANSWERS = {
    # A letter is missing.
    "labels": """
fn first_person() -> [&'static str; 2] { ["s--- --s- -s-- -s-s", "---- ---- -s-- --s-"] }
fn second_person() -> [&'static str; 2] { ["s--- s-s- s--- -s-s", "---- ---- ---- --s"] }
fn soft(labels: [&str; 2]) -> Vec<bool> {
    labels.concat().chars().filter(|letter| !letter.is_whitespace()).map(|letter| letter == 's').collect()
}""",
    # The share of agreement, chance and all.
    "kappa": """
fn kappa(first: &[bool], second: &[bool]) -> f64 {
    first.iter().zip(second).filter(|(a, b)| a == b).count() as f64 / first.len() as f64
}""",
    # Does not compile.
    "soft-counts": """
fn soft_counts(table: &ScoreTable, layer: usize, image: &str) -> Vec<(u64, usize)> {
    table.layer_scores().iter().map(|score| score.soft_count).collect()
}""",
    "straightened": """
fn straightened(form: Form, x: f64, y: f64) -> (f64, f64) {
    (if form.takes_ln_x() { x.log10() } else { x }, if form.takes_ln_y() { y.log10() } else { y })
}""",
    "best-form": """
fn best_form(x: &[f64], y: &[f64]) -> Result<Form, Error> {
    let mut best = (Form::Linear, 0.0);
    for form in Form::ALL {
        let share = form.fit(x, y)?.r_squared();
        if share > best.1 { best = (form, share); }
    }
    Ok(best.0)
}""",
    # Panics.
    "step": """
fn r_squared_of_a_step(x: &[f64]) -> Result<f64, Error> {
    Ok(x[x.len()])
}""",
    # An error of the library.
    "slopes": """
fn range_of_slopes(fit: &Fit) -> Result<(f64, f64), Error> {
    let slope = fit.form().fit(&fit.x()[..1], &fit.y()[..1])?.slope();
    Ok((slope, slope))
}""",
    "arrangements": """
fn arrangements(sessions_of_each_length: &[u64]) -> u64 {
    (1..=sessions_of_each_length.iter().sum()).product()
}""",
}

# The tests, their points, what the wrong submission gets, and what its test says.
TESTS = {
    "test-labels": (1, 0, "the number of labels of the second person for network B should be 16; your answer is 15"),
    "test-kappa": (2, 0, "kappa of 20, 5, 10 and 15 images should be 0.4000; your answer is 0.7000"),
    "test-kappa-limits": (1, 0, "kappa of two people who disagree on everything should be -1.0000; your answer is 0.0000"),
    "test-agreement": (1, 0, "the number of your labels should be (32, 32); your answer is (32, 31)"),
    "test-soft-counts": (2, 0, "cannot find function `soft_counts`"),
    "test-mean-counts": (2, 2, ""),
    "test-straightened": (2, 0, "y of (e, e²), exponential should be 2.0000; your answer is 0.8686"),
    "test-best-form": (3, 0, "the best form for points around a line, by AICc should be Linear; your answer is Power"),
    "test-step": (2, 0, "The code stopped: index out of bounds: the len is 11 but the index is 11"),
    "test-trained-only": (2, 2, ""),
    "test-slopes": (2, 0, "at least 3"),
    "test-arrangements": (2, 0, "the ways of two and two should be 6; your answer is 24"),
}
WORDS = {"eyes-and-rule": 4, "counts-and-training": 4, "which-form": 3, "more-or-any": 4, "eleven-points": 4}


def in_grading_environment():
    """Starts this program again in `.lab/grading`, an environment with nbgrader, made first where it is not there."""
    if not (LAB / "venv/share/jupyter/kernels/softness").is_dir():
        sys.exit("error: there is no kernel to grade with: run `cargo lab` first, which sets it up")
    grading = LAB / "grading"
    requirements = "".join((file.read_text() for file in (FOLDER / "requirements.txt", FOLDER.parents[1] / "lab/requirements.txt")))
    stamp, programs = grading / "requirements.txt", grading / ("Scripts" if os.name == "nt" else "bin")
    if not stamp.exists() or stamp.read_text() != requirements:
        print("making an environment with nbgrader in .lab/grading ..", flush=True)
        subprocess.run([sys.executable, "-m", "venv", grading], check=True)
        pip = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", FOLDER / "requirements.txt"], check=True)
        stamp.write_text(requirements)
    state = grading / "jupyter"
    environment = {
        **os.environ,
        "SOFTNESS_GRADING": "1",
        # nbgrader calls alembic by its name.
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_PATH": str(LAB / "venv/share/jupyter"),
        **{f"JUPYTER_{kind.upper()}_DIR": str(state / kind) for kind in ("config", "data", "runtime")},
        "IPYTHONDIR": str(state / "ipython"),
    }
    sys.exit(subprocess.run([programs / "python", *sys.argv], env=environment).returncode)


def nbgrader(course, *arguments):
    """One of nbgrader's commands, its words shown only where it fails."""
    command = [sys.executable, "-m", "nbgrader", *arguments, "--course-dir", str(course)]
    done = subprocess.run(command, cwd=course, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"{done.stdout}\nerror: nbgrader {' '.join(arguments)} failed; what it said stands above")


def notebooks(folder):
    """The notebooks of the assignment in a folder, by name."""
    import nbformat

    return {path.name: nbformat.read(path, as_version=4) for path in sorted((folder / ASSIGNMENT).glob("*.ipynb"))}


def name_of(cell):
    """nbgrader's name for a cell."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def hand_in(course, student, answer):
    """A submission: the students' version with `answer(name, teacher's source)` in the cells to be solved."""
    import nbformat

    teachers = notebooks(course / "source")
    folder = course / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    for file, notebook in notebooks(course / "release").items():
        for cell, teachers_cell in zip(notebook.cells, teachers[file].cells):
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = answer(name_of(cell), teachers_cell.source) or cell.source
        nbformat.write(notebook, folder / file)


def without_marks(source):
    """A teacher's cell as a student would write it."""
    return "\n".join(line for line in source.split("\n") if line.strip() not in MARKS)


def said(course, student):
    """What each cell of a graded submission answered, by the cell's name, and whether it was an error."""
    answers = {}
    for notebook in notebooks(course / "autograded" / student).values():
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                failed = output.output_type == "error" or output.get("name") == "stderr"
                text = output.get("evalue", "") + output.get("text", "") + output.get("data", {}).get("text/html", "")
                before = answers.get(name_of(cell), ("", False))
                answers[name_of(cell)] = (before[0] + text, before[1] or failed)
    return answers


class Report:
    """Prints a line for each thing that was looked at."""

    well = True

    def check(self, what, found, expected=True):
        if found != expected:
            self.well = False
            print(f"WRONG: {what}: {found!r} instead of {expected!r}", flush=True)
        return found == expected


def check_grades(course, report):
    """Every point of every submission, and that a teacher's marks complete them."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        for student in ("right", "wrong", "empty"):
            submission = gradebook.find_submission(ASSIGNMENT, student)
            grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
            report.check(f"{student}: the cells with points", set(grades), set(TESTS) | set(WORDS))
            for name, (points, wrong, _) in TESTS.items():
                expected = {"right": points, "wrong": wrong, "empty": 0}[student]
                report.check(f"{student}: points of {name}", grades[name].auto_score, expected)
                report.check(f"{student}: most points of {name}", grades[name].max_score, points)
            for name, points in WORDS.items():
                # An answer in words waits for a person; none at all gets nothing.
                report.check(f"{student}: {name} waits for a person", grades[name].needs_manual_grade, student != "empty")
                report.check(f"{student}: most points of {name}", grades[name].max_score, points)
            print(f"{student}: {submission.score:g} of {submission.max_score:g} points before the words are read", flush=True)
        submission = gradebook.find_submission(ASSIGNMENT, "right")
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                if grade.name in WORDS:
                    grade.manual_score, grade.needs_manual_grade = grade.max_score, False
        gradebook.db.commit()
        submission = gradebook.find_submission(ASSIGNMENT, "right")
        report.check("right: all points with the words", submission.score, submission.max_score)


def check_words(course, report):
    """What the tests say, and that nothing but an unsolved or wrong question is an error."""
    right, wrong, empty = (said(course, student) for student in ("right", "wrong", "empty"))
    report.check("right: cells with an error or anything on stderr", [name for name, (_, bad) in right.items() if bad], [])
    report.check("empty: cells with an error or anything on stderr", [name for name, (_, bad) in empty.items() if bad], [])
    # A function that does not compile is an error where it stands and where it is called, nowhere else.
    bad = sorted(name for name, (_, bad) in wrong.items() if bad)
    report.check("wrong: cells with an error or anything on stderr", bad, ["soft-counts", "test-soft-counts"])
    for name, (points, _, sentence) in TESTS.items():
        report.check(f"empty: {name} says {STUB!r}", STUB in empty.get(name, ("",))[0])
        if not report.check(f"wrong: {name} says {sentence!r}", sentence in wrong.get(name, ("",))[0]):
            print(f"  it says: {wrong.get(name)}")
        report.check(f"right: {name} shows its points", f"{points} of {points} points" in right.get(name, ("",))[0])
    feedback = "".join(path.read_text() for path in (course / "feedback/wrong" / ASSIGNMENT).glob("*.html"))
    report.check("wrong: the feedback page says what is wrong", TESTS["test-kappa"][2] in feedback)


def check_validate(course, report):
    """Whether `nbgrader validate` tells a student what is wrong, also of a cell that does not compile."""
    for path in sorted((course / "submitted/wrong" / ASSIGNMENT).glob("*.ipynb")):
        command = [sys.executable, "-m", "nbgrader", "validate", str(path)]
        done = subprocess.run(command, cwd=course, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        report.check(f"validate, {path.name}: a traceback", "Traceback" in done.stdout, False)
        report.check(f"validate, {path.name}: failing cells", "VALIDATION FAILED" in done.stdout)


def check_release(made, report):
    """Whether the students' version in the repository is the one that the teacher's makes."""
    texts = [{path.name: path.read_text() for path in folder.glob("*.ipynb")} for folder in (made, FOLDER / "release" / ASSIGNMENT)]
    report.check("release is what the teacher's version makes; `check.py --update` renews it", texts[0] == texts[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--update", action="store_true", help="write the students' version into release, and stop")
    arguments = parser.parse_args()
    if "SOFTNESS_GRADING" not in os.environ:
        in_grading_environment()
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        shutil.copytree(FOLDER / "source", course / "source")
        shutil.copy(FOLDER / "nbgrader_config.py", course)
        nbgrader(course, "generate_assignment", ASSIGNMENT)
        made = course / "release" / ASSIGNMENT
        if arguments.update:
            shutil.copytree(made, FOLDER / "release" / ASSIGNMENT, dirs_exist_ok=True)
            return
        check_release(made, report)
        hand_in(course, "right", lambda name, source: without_marks(source))
        hand_in(course, "wrong", lambda name, source: WRONG_ANSWERS.get(name) or without_marks(source))
        hand_in(course, "empty", lambda name, source: None)
        nbgrader(course, "autograde", ASSIGNMENT)
        nbgrader(course, "generate_feedback", ASSIGNMENT)
        check_words(course, report)
        check_grades(course, report)
        check_validate(course, report)
    if not report.well:
        sys.exit("error: the exercises are not graded as they should be; what is wrong stands above")
    print("exercises: graded as they should be")


if __name__ == "__main__":
    main()
