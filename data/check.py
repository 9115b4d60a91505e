#!/usr/bin/env python3
"""Recomputes the results of both studies without any code of softness: from the filters, with numpy and scipy alone.

    python3 -m pip install numpy scipy
    python3 data/check.py [--all] [FOLDER]

FOLDER is the folder that this file is in, unless stated otherwise. For each kind of number, it prints the largest difference to
the files there and the limit; the exit status is 1 if a limit is exceeded. What rests on random draws is drawn again with other random
numbers, and the limit is several standard deviations of the draws. With --all, every session is laid on every static field, and as many
studies are simulated as the rules say; this takes some ten minutes more.

Photographs are not recomputed: they are CIFAR-10's, which is not part of the repository.
"""
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
# The matrices are small: more threads take twice the processor time, and end no sooner.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy import stats

from checks import answers, first_study, sets, worlds
from checks.maps import BORDERS, READINGS, banks_of, filter_scores, png, static
from checks.report import EXACT, failures, report, rows

FOLDERS = [argument for argument in sys.argv[1:] if argument != "--all"]
HERE = Path(FOLDERS[0]) if FOLDERS else Path(__file__).resolve().parent
ALL = "--all" in sys.argv
# Without --all, only every eighth session of the second study is laid on the ten static fields, and fewer studies are simulated.
FIELDS_OF_EVERY = 1 if ALL else 8
COVERAGE_STUDIES, NULL_STUDIES = (1_000, 200) if ALL else (200, 30)
UNTRAINED = 100


# ---- The eleven sessions

def check_eleven():
    folder = HERE / "paper"
    images = {"bird": png(HERE / "bird.png"), "static": static(1)}
    report("static by its recipe and static.png", float(np.abs(static(1) - png(HERE / "static.png")).max()), 0, 3072)
    found, r_squared = {}, []
    for session in sorted((folder / "sessions").iterdir()):
        banks = [(np.load(session / f"layer{layer}.npy").astype(float), np.load(session / f"layer{layer}_bias.npy").astype(float)) for layer in (1, 2)]
        for name, image in images.items():
            for layer, scored in enumerate(filter_scores(banks, image, "forward-pass", "same"), 1):
                for at, score in enumerate(scored):
                    found[session.name, layer, name, at] = score
    theirs = rows(folder / "scores.csv")
    differences = [abs(found[row["session"], int(row["layer"]), row["image"], int(row["filter"])] - float(row["score"])) for row in theirs]
    report("eleven sessions: scores of filters", max(differences), EXACT, len(differences))
    layer_scores = {}
    for (session, layer, name, _), score in found.items():
        layer_scores.setdefault((layer, name), {}).setdefault(session, 0.0)
        layer_scores[layer, name][session] += score
    differences = []
    for row in rows(folder / "fits.csv"):
        of = layer_scores[int(row["layer"]), row["image"]]
        x, y = np.array([float(name.split("-")[0]) for name in of]), np.array(list(of.values()))
        line = stats.linregress(np.log(x) if row["form"] == "power" else x, y if row["form"] == "linear" else np.log(y))
        step = np.where(x == 1, 0.0, 1.0)
        control = stats.linregress(step, y if row["form"] == "linear" else np.log(y))
        for name, value in [("r_squared", line.rvalue**2), ("p_value", line.pvalue), ("intercept", line.intercept), ("step_r_squared", control.rvalue**2)]:
            differences.append(abs(value - float(row[name])))
        differences.append(abs(line.slope / float(row["slope"]) - 1))
    report("eleven sessions: fits", max(differences), EXACT, len(differences))


# ---- The second study

def second_scores(folder, images):
    archive, found = np.load(folder / "filters.npz"), {}
    sessions = list(dict.fromkeys(name.split("/")[0] for name in archive.files))
    for place, session in enumerate(sessions):
        banks = banks_of(archive, session)
        for reading in READINGS:
            for border in BORDERS:
                for name, pictures in images.items():
                    if len(pictures) > 1 and place % FIELDS_OF_EVERY:
                        continue
                    layers = np.mean([[layer.sum() for layer in filter_scores(banks, image, reading, border)] for image in pictures], axis=0)
                    for layer in (1, 2):
                        found[session, f"{reading}/{border}/{name}/{layer}"] = layers[layer - 1]
    return found


def check_untrained(folder, study):
    """Untrained networks drawn again: their mean scores and the scatter of these against those of the 4,000."""
    random = np.random.default_rng(6)
    images = {"bird": png(HERE / "bird.png"), "static": static(1)}

    def weights(*shape):
        return 0.05 * stats.truncnorm.rvs(-2, 2, size=shape, random_state=random)

    found = {}
    for _ in range(UNTRAINED):
        banks = [(weights(16, 3, 5, 5), np.full(16, 0.05)), (weights(36, 16, 5, 5), np.full(36, 0.05))]
        for reading in READINGS:
            for name, image in images.items():
                for layer, scored in enumerate(filter_scores(banks, image, reading, "same"), 1):
                    found.setdefault(f"{reading}/same/{name}/{layer}", []).append(np.log(scored.sum()))
    means, scatters = [], []
    for column, own in found.items():
        theirs, _ = study.column(column)
        means.append(abs(np.mean(own) - theirs.mean()) / (theirs.std(ddof=1) / np.sqrt(UNTRAINED)))
        scatters.append(abs(np.log(np.std(own, ddof=1) / theirs.std(ddof=1))) * np.sqrt(2 * UNTRAINED))
    report("second study: means of untrained networks, drawn again", max(means), 5, len(means), "standard deviations")
    report("second study: their scatter, drawn again", max(scatters), 5, len(scatters), "standard deviations")


def check_second():
    folder = HERE / "second"
    study = answers.read_study(folder)
    images = {"bird": [png(HERE / "bird.png")], "static": [static(1)], "static fields": [static(seed) for seed in range(1, 11)]}
    recomputed = second_scores(folder, images)
    by_name = {row["session"]: row for row in rows(folder / "scores.csv")}
    untrained = np.load(folder / "untrained.npy")
    differences = []
    for (session, column), score in recomputed.items():
        if session.startswith("untrained-"):
            theirs = untrained[int(session.split("-")[1]), study.columns.index(column)]
        else:
            theirs = float(by_name[session][column])
        differences.append(abs(score - theirs))
    report("second study: layer scores", max(differences), EXACT, len(differences))
    check_untrained(folder, study)
    answers.check_levels(folder, study)
    answers.check_effects(folder, study)
    answers.check_shapes(folder, study)
    sets.check_sets(folder, study)
    sets.check_statements(folder)
    worlds.check_coverage(folder, study, COVERAGE_STUDIES)
    worlds.check_null_worlds(folder, study, NULL_STUDIES)
    first_study.check_first_study(HERE, NULL_STUDIES)


def check_settings():
    """The scores of the settings in the course of training, their changes and time constants."""
    folder = HERE / "second"
    images = {"bird": png(HERE / "bird.png"), "static": static(1)}
    table = rows(folder / "settings.csv")
    columns = [name for name in table[0] if "/" in name]
    found = {}
    for path in sorted((folder / "settings").glob("*.npz")):
        archive = np.load(path)
        setting, session = path.stem.rsplit("-", 1)
        for iterations in dict.fromkeys(name.split("/")[0] for name in archive.files):
            banks = banks_of(archive, iterations)
            for reading in READINGS:
                for name, image in images.items():
                    for layer, scores_of in enumerate(filter_scores(banks, image, reading, "same"), 1):
                        found[setting, session, int(iterations), f"{reading}/same/{name}/{layer}"] = scores_of.sum()
    differences = [
        abs(found[row["setting"], row["session"], int(row["iterations"]), column] - float(row[column])) for row in table for column in columns
    ]
    report("settings: layer scores", max(differences), EXACT, len(differences))

    exact, taus = [], []
    for row in rows(folder / "settings_effects.csv"):
        sessions = sorted({key[1] for key in found if key[0] == row["setting"]})
        places = sorted({key[2] for key in found if key[0] == row["setting"]})
        course = np.log([[found[row["setting"], session, place, row["response"]] for place in places] for session in sessions])
        for prefix, start in [("", 0), ("late_", 2_000)]:
            change = course[:, places.index(10_000)] - course[:, places.index(start)]
            half = stats.t.ppf(0.975, len(change) - 1) * change.std(ddof=1) / np.sqrt(len(change))
            values = {"change": change.mean(), "low": change.mean() - half, "high": change.mean() + half}
            columns = {"change": f"{prefix}change", "low": "late_low" if prefix else "change_low", "high": "late_high" if prefix else "change_high"}
            exact += [abs(value - float(row[columns[name]])) for name, value in values.items()]
        own = [answers.level_fit("saturating", np.array(places, float), line, np.ones(len(places)))[1] for line in course]
        for name, value in [("tau", np.median(own)), ("tau_least", min(own)), ("tau_largest", max(own))]:
            taus.append(abs(np.log(value / float(row[name]))))
    report("settings: changes", max(exact), EXACT, len(exact))
    # Where Q is flat, the two searches for its minimum stop at different places.
    report("settings: time constants, ratio", np.expm1(max(taus)), 1e-3, len(taus))


check_eleven()
if (HERE / "second" / "scores.csv").exists():
    check_second()
    check_settings()
else:
    print("skipped: the second study has no scores here")
if failures:
    sys.exit(f"{len(failures)} of the checks above are WRONG")
