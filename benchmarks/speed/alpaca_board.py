"""Times the whole AlpacaEval 2 board against the same procedure in Python, in turn on the same machine and files.

Run from the repository root, with numpy and scikit-learn installed:

    python3 benchmarks/speed/alpaca_board.py DATA/alpaca_eval2 [--rounds 3]

Both sides read the same rows, derive every preference from the judge's stored log-probabilities and the seeded order of
presentation, and compute the leaderboard row of every model: win rate, standard error, counts, discrete win rate, mean
length, and the length-controlled win rate with C chosen by grouped five-fold cross-validation over ten values and refitted
on all rows. The Python side follows alpaca_eval's own (`glm_winrate.py`): scikit-learn's LogisticRegressionCV with the
l1 penalty of liblinear on rows written twice. The judgments of the length-gamed baselines, which are known in sum only, are
the same implied preferences on both sides. Medians over rounds.
"""

import argparse
import glob
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import make_scorer
from sklearn.model_selection import GroupKFold

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent
GRID = np.logspace(-4, 4, 10)


def logistic(x):
    return np.exp(-np.logaddexp(0, -x))


def log_loss(y_true, y_pred, true_prob, true_sample_weight):
    target = np.where(y_true == 1, true_prob, 1 - true_prob)
    kept = np.clip(y_pred, 1e-15, 1 - 1e-15)
    return -np.mean((target * np.log(kept) + (1 - target) * np.log(1 - kept)) * true_sample_weight)


def implied(features, weight, moments):
    """Preferences with the known sums: Newton's method on two coefficients."""
    beta = np.zeros(2)
    for _ in range(50):
        share = logistic(features @ beta)
        step = np.linalg.solve((features * (weight * share * (1 - share))[:, None]).T @ features,
                               features.T @ (weight * share) - moments)
        beta -= step
        if abs(step).max() < 1e-12:
            break
    return logistic(features @ beta)


def preference(row, swapped):
    if row.get("same"):
        return 1.5
    if "lp" not in row:
        return row["p"]
    known = {token: value for token, value in row["lp"] if token in ("m", "M")}
    if not known:
        return None
    first = known.get("m", -np.inf)
    code = 2 - np.exp(first - np.logaddexp(first, known.get("M", -np.inf)))
    return 3 - code if swapped else code


def fit(features, target, weights):
    data = np.vstack([features, features])
    probability = np.concatenate([target, 1 - target])
    label = np.concatenate([np.ones(len(target)), np.zeros(len(target))])
    true_weight = np.concatenate([weights, weights])
    group = np.concatenate([np.arange(len(target))] * 2)
    scorer = make_scorer(log_loss, response_method="predict_proba", greater_is_better=False)
    scorer = scorer.set_score_request(true_sample_weight=True, true_prob=True)
    model = LogisticRegressionCV(
        Cs=GRID, cv=GroupKFold(n_splits=5), scoring=scorer, random_state=123, penalty="l1", solver="liblinear",
        fit_intercept=False)
    model.set_fit_request(sample_weight=True)
    model.fit(data, label, sample_weight=probability * true_weight, groups=group, true_sample_weight=true_weight,
              true_prob=probability)
    return model.coef_[0]


def board(folder):
    sklearn.set_config(enable_metadata_routing=True)
    prompts = json.load(open(glob.glob(f"{folder}/baseline_*_model_outputs.json")[0]))
    baseline = np.array([len(row["output"]) for row in prompts])
    difficulty = np.array(json.load(open(f"{folder}/instruction_difficulty.json"))["instruction_difficulty"])
    swapped = [random.Random("is_switched_outputs" + row["instruction"] + "0").choices([False, True])[0] for row in prompts]
    stats = json.load(open(f"{folder}/gamed_baseline_stats.json"))
    gamed = []
    for key in stats:
        if key.startswith("len_") and key != "len_baseline":
            delta = np.array(stats["len_baseline"]) - np.array(stats[key])
            gamed.append(np.c_[np.tanh(delta / delta.std(ddof=1)), difficulty, np.zeros(len(delta))])
    gamed = np.vstack(gamed)
    gamed_weight = np.full(len(gamed), stats["row_weight"])
    gamed_target = implied(gamed[:, :2], gamed_weight,
                           np.array([stats["sum_weighted_y_tanh"], stats["sum_weighted_y_difficulty"]]))
    rows = {}
    for path in sorted(glob.glob(f"{folder}/numeric/*.jsonl")):
        items = [json.loads(line) for line in open(path, encoding="utf-8")]
        codes = [preference(item, swapped[item["i"]]) for item in items]
        target = np.array([np.nan if code is None else (1.5 if code == 0 else code) - 1 for code in codes], float)
        own = np.array([item["l2"] for item in items])
        delta = baseline[[item["i"] for item in items]] - own
        known = ~np.isnan(target)
        y = target[known]
        features = np.c_[np.tanh(delta / delta.std(ddof=1)), difficulty[: len(items)], np.ones(len(items))]
        weights = fit(np.vstack([gamed, features[known]]), np.concatenate([gamed_target, y]),
                      np.concatenate([gamed_weight, np.ones(known.sum())]))
        prediction = logistic(weights[1] * features[:, 1] + weights[2])
        rows[os.path.basename(path)[:-6]] = {
            "win_rate": 100 * y.mean(), "standard_error": 100 * y.std(ddof=1) / len(y) ** 0.5,
            "n_wins": int((y > 0.5).sum()), "n_wins_base": int((y < 0.5).sum()), "n_draws": int((y == 0.5).sum()),
            "n_total": len(y), "discrete_win_rate": 100 * np.where(y == 0.5, 0.5, np.round(y)).mean(),
            "avg_length": int(own.sum() / len(prompts)), "length_controlled_winrate": 100 * prediction.mean(),
            "lc_standard_error": 100 * prediction.std(ddof=1) / len(prediction) ** 0.5,
        }
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print("command:", " ".join(sys.argv), f"(numpy {np.__version__}, scikit-learn {sklearn.__version__})")
    build = ["swift", "build", "-c", "release", "--package-path", str(HERE), "--product", "alpaca-board-speed"]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    binary = subprocess.run(build + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    ours = subprocess.Popen([f"{binary}/alpaca-board-speed", options.folder], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)
    times = {"python": [], "ours": [], "python core": [], "ours core": []}
    for number in range(options.rounds + 1):
        start, before = time.perf_counter(), time.process_time()
        theirs = board(options.folder)
        wall, core = time.perf_counter() - start, time.process_time() - before
        ours.stdin.write("\n")
        ours.stdin.flush()
        answer = json.loads(ours.stdout.readline())
        if number == 0:  # warms files and code up
            compare(theirs, answer["models"])
            continue
        times["python"].append(wall)
        times["python core"].append(core)
        times["ours"].append(answer["wall"])
        times["ours core"].append(answer["core"])
    ours.stdin.close()
    ours.wait()
    median = {name: statistics.median(values) for name, values in times.items()}
    print(f"{len(theirs)} models: Python {median['python']:.3f} s, ours {1000 * median['ours']:.1f} ms: "
          f"{median['python'] / median['ours']:.0f} times in wall time, "
          f"{median['python core'] / median['ours core']:.0f} times in processor time")


def compare(theirs, ours):
    """Both sides must have computed the same board, liblinear's early stop aside."""
    assert set(theirs) == set(ours), "different models"
    worst = {}
    for model, row in theirs.items():
        for key, value in row.items():
            worst[key] = max(worst.get(key, 0), abs(value - ours[model][key]))
    print("largest differences:", ", ".join(f"{key} {value:.1e}" for key, value in worst.items()))


if __name__ == "__main__":
    main()
