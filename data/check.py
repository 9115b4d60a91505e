#!/usr/bin/env python3
"""Recomputes the results of both studies without any code of softness: from the filters, with numpy and scipy alone.

    python3 -m pip install numpy scipy
    python3 data/check.py [--all] [FOLDER]

FOLDER is the folder that this file is in, unless stated otherwise. With --all, every session is laid on every image, which takes some
minutes more. For each kind of number, it prints the largest difference to
the files here and the limit; the exit status is 1 if a limit is exceeded. What rests on random draws is drawn again with other random
numbers, so its limit is several standard deviations of the draws.

Photographs are not recomputed: they are CIFAR-10's, which is not part of the repository.
"""
import csv
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import stats
from scipy.optimize import minimize_scalar

FOLDERS = [argument for argument in sys.argv[1:] if argument != "--all"]
HERE = Path(FOLDERS[0]) if FOLDERS else Path(__file__).resolve().parent
# Without --all, only every eighth session of the second study is laid on the ten static fields.
FIELDS_OF_EVERY = 1 if "--all" in sys.argv else 8
# Sums of some hundred products of numbers near 1, scaled to 0..1 by ranges that may be small.
EXACT = 1e-9
READINGS = ["forward-pass", "kernel-slice-sum", "each-kernel", "kernel-slice"]
BORDERS = ["same", "valid"]
INPUT_SCALE = float(np.float32(1) / np.float32(255))
failures = []


def report(what, difference, limit, count):
    wrong = not difference <= limit
    print(f"{'WRONG' if wrong else 'ok':5}  {what:68} {count:7} numbers, largest difference {difference:8.1e}, limit {limit:.0e}")
    if wrong:
        failures.append(what)


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# ---- Images

def png(path):
    """A PNG of 8-bit RGB pixels that is not interlaced, as (3, h, w)."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", path
    place, packed = 8, b""
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place:place + 8])
        content = data[place + 8:place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", content)
            assert (depth, colour, interlaced) == (8, 2, 0), path
        if kind == b"IDAT":
            packed += content
        place += 12 + length
    raw, step = zlib.decompress(packed), 3 * width
    above, lines = [0] * step, []
    for line in range(height):
        kind, values = raw[line * (step + 1)], list(raw[line * (step + 1) + 1:(line + 1) * (step + 1)])
        for at in range(step):
            left, up, corner = (values[at - 3] if at > 2 else 0), above[at], (above[at - 3] if at > 2 else 0)
            guess = left + up - corner
            paeth = min((left, up, corner), key=lambda value: abs(guess - value))
            values[at] = (values[at] + [0, left, up, (left + up) // 2, paeth][kind]) & 255
        lines.append(values)
        above = values
    return np.array(lines, float).reshape(height, width, 3).transpose(2, 0, 1)


def static(seed):
    """Static, by its recipe: ChaCha with 8 rounds; the key is "softness static ", the seed in 8 little-endian bytes, and 8 zeros. Each pixel takes
    64 bits, low word first, and is white if the highest bit is 1."""
    key = struct.unpack("<8I", b"softness static " + struct.pack("<Q", seed) + bytes(8))
    counters = np.arange(128, dtype=np.uint32)
    words = [np.full(128, word, np.uint32) for word in [*struct.unpack("<4I", b"expand 32-byte k"), *key, 0, 0, 0, 0]]
    words[12] = counters
    state = [word.copy() for word in words]

    def quarter(a, b, c, d):
        for p, q, r, turn in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)]:
            state[p] = state[p] + state[q]
            mixed = state[r] ^ state[p]
            state[r] = (mixed << np.uint32(turn)) | (mixed >> np.uint32(32 - turn))

    for _ in range(4):
        for column in range(4):
            quarter(column, 4 + column, 8 + column, 12 + column)
        for row in range(4):
            quarter(row, 4 + (row + 1) % 4, 8 + (row + 2) % 4, 12 + (row + 3) % 4)
    stream = np.stack([a + b for a, b in zip(state, words)], axis=1).reshape(-1)
    grey = np.where(stream[1::2] >> np.uint32(31) == 1, 255.0, 0.0).reshape(32, 32)
    return np.stack([grey] * 3)


def luma(image):
    red, green, blue = image
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    return np.where((red == green) & (green == blue), red, grey)


# ---- Maps and their scores

def windows(maps, kernel, border):
    """Every window of (in, h, w), as (h', w', in, k, k)."""
    if border == "same":
        edge = (kernel - 1) // 2
        maps = np.pad(maps, ((0, 0), (edge, kernel - 1 - edge), (edge, kernel - 1 - edge)))
    return sliding_window_view(maps, (kernel, kernel), axis=(1, 2)).transpose(1, 2, 0, 3, 4)


def correlate(maps, weights, border):
    """Cross-correlation of (in, h, w) with (out, in, k, k): (out, h', w')."""
    patches = windows(maps, weights.shape[-1], border)
    height, width = patches.shape[:2]
    result = patches.reshape(height * width, -1) @ weights.reshape(len(weights), -1).T
    return result.T.reshape(len(weights), height, width)


def scores(maps):
    """The softness score of each of (n, h, w): the mean standard deviation of the 3 x 3 windows after scaling to 0..1."""
    low, high = maps.min(axis=(1, 2)), maps.max(axis=(1, 2))
    largest = np.abs(maps).max(axis=(1, 2))
    constant = high - low <= 1e-12 * largest
    scaled = (maps - low[:, None, None]) / np.where(constant, 1, high - low)[:, None, None]
    means = np.empty(len(maps))
    # Some maps at a time, so that they stay in the cache.
    for first in range(0, len(maps), 48):
        part = scaled[first:first + 48]
        height, width = part.shape[1] - 2, part.shape[2] - 2
        places = [part[:, row:row + height, column:column + width] for row in range(3) for column in range(3)]
        mean = sum(places) / 9
        deviations = np.sqrt(sum((place - mean) ** 2 for place in places) / 9)
        means[first:first + 48] = deviations.mean(axis=(1, 2))
    return np.where(constant, 0, means)


def filter_scores(banks, image, reading, border):
    """The score of each filter of each layer."""
    if reading == "forward-pass":
        maps, found = image * INPUT_SCALE, []
        for weights, bias in banks:
            responses = correlate(maps, weights, border) + bias[:, None, None]
            found.append(scores(responses))
            even = responses[:, :responses.shape[1] // 2 * 2, :responses.shape[2] // 2 * 2]
            pooled = np.maximum(even, 0)
            maps = pooled.reshape(len(pooled), even.shape[1] // 2, 2, even.shape[2] // 2, 2).max(axis=(2, 4))
        return found
    grey, found = luma(image)[None] * INPUT_SCALE, []
    for weights, _ in banks:
        if reading == "kernel-slice-sum":
            kernels = weights.sum(axis=1, keepdims=True)
        elif reading == "kernel-slice":
            kernels = weights[:, :1]
        else:
            kernels = weights.reshape(-1, 1, *weights.shape[2:])
        scored = scores(correlate(grey, kernels, border))
        found.append(scored.reshape(len(weights), -1).mean(axis=1))
    return found


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

X_OF_SET = np.array([1] * 3 + [2_000] * 3 + [10_000] * 2 + [30_000] * 2 + [50_000], float)


def level_fit(model, x, mean, weight):
    """Coefficients, tau and Q of a model of docs/rules-2.md."""
    untrained, ln_x = (x == 0).astype(float), np.log(np.maximum(x, 1))
    root = np.sqrt(weight)

    def solve(columns):
        matrix = np.column_stack(columns)
        found = np.linalg.lstsq(matrix * root[:, None], mean * root, rcond=None)[0]
        return found, float(np.sum(weight * (mean - matrix @ found) ** 2))

    one = np.ones_like(x)
    columns = {"constant": [one], "step": [untrained, 1 - untrained], "power": [one, ln_x], "step and power": [untrained, 1 - untrained, (1 - untrained) * ln_x]}
    if model != "saturating":
        found, q = solve(columns[model])
        return found, None, q
    at = lambda ln_tau: solve([one, -np.expm1(-x / np.exp(ln_tau))])
    grid = np.linspace(np.log(10), np.log(1e5), 400)
    best = min(range(400), key=lambda place: at(grid[place])[1])
    ends = grid[max(best - 1, 0)], grid[min(best + 1, 399)]
    ln_tau = minimize_scalar(lambda value: at(value)[1], bounds=ends, method="bounded", options={"xatol": 1e-12}).x
    # The search does not try the ends of its range, where the best tau may be.
    ln_tau = min([ln_tau, grid[0], grid[-1]], key=lambda value: at(value)[1])
    found, q = at(ln_tau)
    return found, float(np.exp(ln_tau)), q


def banks_of(archive, name):
    """The weights and biases of both layers of one network in an archive."""
    return [tuple(archive[f"{name}/layer{layer}/{part}"].astype(float) for part in ("weights", "bias")) for layer in (1, 2)]


def second_scores(folder, columns, images):
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


def check_second():
    folder = HERE / "second"
    table = rows(folder / "scores.csv")
    columns = [name for name in table[0] if "/" in name]
    untrained = np.load(folder / "untrained.npy")
    images = {"bird": [png(HERE / "bird.png")], "static": [static(1)], "static fields": [static(seed) for seed in range(1, 11)]}
    recomputed = second_scores(folder, columns, images)
    by_name = {row["session"]: row for row in table}
    differences = []
    for (session, column), score in recomputed.items():
        if session.startswith("untrained-"):
            theirs = untrained[int(session.split("-")[1]), columns.index(column)]
        else:
            theirs = float(by_name[session][column])
        differences.append(abs(score - theirs))
    report("second study: layer scores", max(differences), EXACT, len(differences))

    x = np.array([float(row["iterations"]) for row in table])
    y = {column: np.log([float(row[column]) for row in table]) for column in columns}
    ln_untrained = {column: np.log(untrained[:, place]) for place, column in enumerate(columns)}
    fitted = [level for level in np.unique(x) if level <= 50_000 and np.sum(x == level) >= 5]
    check_levels(folder, x, y, ln_untrained)
    check_effects(folder, x, y, ln_untrained, fitted)
    check_shapes(folder, x, y, ln_untrained, fitted)
    check_sets(folder, x, y, ln_untrained, columns)


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
        own = [level_fit("saturating", np.array(places, float), line, np.ones(len(places)))[1] for line in course]
        for name, value in [("tau", np.median(own)), ("tau_least", min(own)), ("tau_largest", max(own))]:
            taus.append(abs(np.log(value / float(row[name]))))
    report("settings: changes", max(exact), EXACT, len(exact))
    # Where Q is flat, the two searches for its minimum stop at different places.
    report("settings: time constants, ratio", np.expm1(max(taus)), 1e-3, len(taus))


def check_levels(folder, x, y, untrained):
    differences = []
    for row in rows(folder / "levels.csv"):
        level = float(row["iterations"])
        own = untrained[row["response"]] if level == 0 else y[row["response"]][x == level]
        low, high = np.percentile(own, [2.5, 97.5])
        found = {"n": len(own), "mean": own.mean(), "sd": own.std(ddof=1), "low": low, "high": high}
        differences += [abs(value - float(row[name])) for name, value in found.items()]
    report("second study: levels", max(differences), EXACT, len(differences))


def check_effects(folder, x, y, untrained, fitted):
    differences = []
    for row in rows(folder / "effects.csv"):
        own, start = y[row["response"]], untrained[row["response"]]
        levels = [own[x == level] for level in fitted if level >= 2_000]
        parts = [(np.var(level, ddof=1) / len(level) / len(levels) ** 2, len(level) - 1) for level in levels]
        parts.append((np.var(start, ddof=1) / len(start), len(start) - 1))
        error = np.sqrt(sum(variance for variance, _ in parts))
        freedom = error**4 / sum(variance**2 / free for variance, free in parts)
        change = np.mean([level.mean() for level in levels]) - start.mean()
        t = stats.t.ppf(0.975, freedom)
        found = {"any": change, "any_low": change - t * error, "any_high": change + t * error, "any_p": 2 * stats.t.sf(abs(change / error), freedom)}
        for prefix, fewest in [("slope", 2_000), ("late", 10_000)]:
            use = np.isin(x, [level for level in fitted if level >= fewest])
            line = stats.linregress(np.log(x[use]), own[use])
            t = stats.t.ppf(0.975, use.sum() - 2)
            slope = "slope" if prefix == "slope" else "late_slope"
            found |= {slope: line.slope, f"{prefix}_low": line.slope - t * line.stderr, f"{prefix}_high": line.slope + t * line.stderr, f"{prefix}_p": line.pvalue}
        use = np.isin(x, [level for level in fitted if level >= 2_000])
        centred = np.log(x[use]) - np.log(x[use]).mean()
        sxx, n = np.sum(centred**2), use.sum()
        residuals = own[use] - own[use].mean() - found["slope"] * centred
        hc3 = np.sqrt(np.sum((centred * residuals / (1 - 1 / n - centred**2 / sxx)) ** 2)) / sxx
        found["hc3_p"] = 2 * stats.t.sf(abs(found["slope"] / hc3), n - 2)
        found["tau_b"], found["tau_b_p"] = stats.kendalltau(x[use], own[use], method="asymptotic")
        differences += [abs(value - float(row[name])) for name, value in found.items()]
    report("second study: effects of training", max(differences), EXACT, len(differences))


def check_shapes(folder, x, y, untrained, fitted):
    random = np.random.default_rng(1)
    exact, drawn, all_drawn = [], [], []
    for row in rows(folder / "shapes.csv"):
        own, start = y[row["response"]], untrained[row["response"]]
        levels = [start] + [own[x == level] for level in fitted]
        place, n = np.array([0.0] + fitted), np.array([len(level) for level in levels])
        mean, sd = np.array([level.mean() for level in levels]), np.array([level.std(ddof=1) for level in levels])
        found, tau, q = level_fit(row["model"], place, mean, n / sd**2)
        exact.append(abs(q - float(row["q"])) / max(1, q))
        if tau is None:
            exact += [abs(a - float(b)) for a, b in zip(found, row["coefficients"].split())]
            # Of linear models, Q with simulated means and variances; 2,000 studies.
            columns = {"constant": 1, "step": 2, "power": 2, "step and power": 3}[row["model"]]
            if columns <= 2 and row["response"].endswith("/2") and "/same/" in row["response"]:
                matrix = {"constant": np.ones((len(place), 1)), "step": np.column_stack([place == 0, place > 0]), "power": np.column_stack([np.ones(len(place)), np.log(np.maximum(place, 1))])}[row["model"]].astype(float)
                means = matrix @ found + sd / np.sqrt(n) * random.standard_normal((2_000, len(place)))
                weights = n / (sd**2 * random.chisquare(n - 1, (2_000, len(place))) / (n - 1))
                gram = np.einsum("lc,sl,ld->scd", matrix, weights, matrix)
                solved = np.linalg.solve(gram, np.einsum("lc,sl,sl->sc", matrix, weights, means)[..., None])[..., 0]
                share = np.mean(np.sum(weights * (means - solved @ matrix.T) ** 2, axis=1) >= q)
                drawn.append(abs(share - float(row["lack_of_fit_p"])))
    report("second study: models of the level means", max(exact), EXACT, len(exact))
    # The standard deviation of a share of 2,000 and one of 10,000 is at most 0.012; five of them.
    report("second study: lack of fit of linear models, drawn again", max(drawn), 0.06, len(drawn))


def check_sets(folder, x, y, untrained, columns):
    """The predictive distribution of docs/rules-2.md, 20,000 sets drawn again."""
    random, count = np.random.default_rng(2), 20_000
    ln_x = np.log(X_OF_SET)
    centred, step = ln_x - ln_x.mean(), (X_OF_SET > 1).astype(float)
    differences = []
    for row in rows(folder / "sets.csv"):
        own, start = y[row["response"]], untrained[row["response"]]
        parts = [random.choice(start, (count, 3))]
        for level, take in [(2_000, 3), (10_000, 2), (30_000, 2), (50_000, 1)]:
            sessions = own[x == level]
            n = len(sessions)
            scale = np.sqrt((n - 1) / random.chisquare(n - 1, (count, 1))) * sessions.std(ddof=1)
            mean = sessions.mean() + scale / np.sqrt(n) * random.standard_normal((count, 1))
            parts.append(mean + scale * random.standard_normal((count, take)))
        sets = np.hstack(parts)
        spread = sets - sets.mean(axis=1, keepdims=True)
        total = np.sum(spread**2, axis=1)
        slope = spread @ centred / np.sum(centred**2)
        power = slope**2 * np.sum(centred**2) / total
        low, high = sets[:, :3].mean(axis=1, keepdims=True), sets[:, 3:].mean(axis=1, keepdims=True)
        left = np.sum((sets[:, :3] - low) ** 2, axis=1) + np.sum((sets[:, 3:] - high) ** 2, axis=1)
        by_step = 1 - left / total
        aicc = 11 * np.log((1 - power) / (1 - by_step))
        tail = (1 - float(row["nominal"])) / 2
        found = {
            "r_squared": np.quantile(power, 0.5), "r_squared_low": np.quantile(power, tail), "r_squared_high": np.quantile(power, 1 - tail),
            "step_r_squared": np.quantile(by_step, 0.5), "softer": np.mean(slope < 0), "clearly_better": np.mean(aicc <= -2), "clearly_worse": np.mean(aicc >= 2),
        }
        differences += [abs(value - float(row[name])) for name, value in found.items()]
    # A share of 20,000 has a standard deviation of at most 0.0035, a tail quantile of R² about 0.004; five of them.
    report("second study: new sets of eleven, drawn again", max(differences), 0.02, len(differences))


check_eleven()
if (HERE / "second" / "scores.csv").exists():
    check_second()
    check_settings()
else:
    print("skipped: the second study has no scores here")
if failures:
    sys.exit(f"{len(failures)} of the checks above are WRONG")
