"""Times whole commands against Python doing the same work, in turn on the same files and machine.

Run from the repository root, after `swift build -c release`:

    python3 benchmarks/speed/harness.py [--items 200000] [--rounds 5]

Both sides read made-up pairs as JSON lines and recorded rewards as CSV, match them by item and response, write every reward and the
answer key to SQLite, and report accuracy with Wilson's interval. Then both read the stored run back (tabulate), and two of them
(compare: paired difference, McNemar, 10,000 bootstrap resamples). Python uses json, csv, sqlite3, numpy and scipy. Medians over
rounds; `ratio` is Python's median wall time over ours; peak memory is ours.
"""

import argparse
import csv
import json
import math
import pathlib
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HUSTINGS = pathlib.Path(".build/release/hustings").resolve()


def make(folder, items):
    dice = random.Random(1)
    with open(folder / "pairs.jsonl", "w") as pairs, open(folder / "scores.csv", "w") as scores:
        scores.write("item,response,reward,model\n")
        for i in range(items):
            pairs.write(json.dumps({
                "id": f"q{i}", "prompt": f"Question {i} about topic {i % 977}: what is the best way to proceed?",
                "chosen": f"A considered answer to question {i} that explains the matter in a sentence or two.",
                "rejected": f"A hasty answer to {i}, with little to say.", "subset": f"s{i % 5}"}) + "\n")
            for model, skill in (("one", 0.5), ("two", 0.6)):
                for response, level in (("chosen", skill), ("rejected", 0.0)):
                    scores.write(f"q{i},{response},{dice.gauss(level, 1):.4f},{model}\n")


def python_run(folder, store):
    keys = [json.loads(line) for line in open(folder / "pairs.jsonl")]
    rewards = {}
    for row in csv.DictReader(open(folder / "scores.csv")):
        if row["model"] == "one":
            rewards[row["item"], row["response"]] = float(row["reward"])
    database = sqlite3.connect(store)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE items (ordinal INTEGER PRIMARY KEY, item TEXT, subset TEXT, prompt TEXT)")
    database.execute("CREATE TABLE rewards (ordinal INTEGER, response TEXT, reward REAL, PRIMARY KEY (ordinal, response))")
    database.executemany("INSERT INTO items VALUES (?, ?, ?, ?)",
                         ((n, k["id"], k["subset"], k["prompt"]) for n, k in enumerate(keys)))
    database.executemany("INSERT INTO rewards VALUES (?, ?, ?)",
                         ((n, r, rewards[k["id"], r]) for n, k in enumerate(keys) for r in ("chosen", "rejected")))
    database.commit()
    wins = sum(rewards[k["id"], "chosen"] > rewards[k["id"], "rejected"] for k in keys)
    return wilson(wins, len(keys))


def wilson(wins, n, z=1.959963984540054):
    p = wins / n
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    return p, centre - half, centre + half


def margins(store):
    rows = sqlite3.connect(store).execute(
        "SELECT a.reward - b.reward FROM rewards a JOIN rewards b ON a.ordinal = b.ordinal "
        "WHERE a.response = 'chosen' AND b.response = 'rejected' ORDER BY a.ordinal").fetchall()
    return [row[0] for row in rows]


def python_tabulate(store):
    values = margins(store)
    return wilson(sum(v > 0 for v in values), len(values))


def python_compare(store):
    import numpy
    from scipy import stats
    one = numpy.array(margins(store)) > 0
    other = numpy.array(margins(store))[::-1] > 0
    difference = other.astype(float) - one
    b, c = int((difference > 0).sum()), int((difference < 0).sum())
    p = stats.binomtest(b, b + c).pvalue
    # A share of right answers needs the counts of each kind of item alone, which is the fast way in numpy too.
    counts = numpy.random.default_rng(1).multinomial(
        len(difference), [b / len(difference), c / len(difference), 1 - (b + c) / len(difference)], size=10_000)
    return p, numpy.quantile((counts[:, 0] - counts[:, 1]) / len(difference), [0.025, 0.975])


def timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def ours(*arguments, cwd):
    return timed(lambda: subprocess.run([HUSTINGS, *arguments], cwd=cwd, check=True, capture_output=True))


def megabytes(*arguments, cwd):
    """Peak memory of one command, asked of a small process: a child counts what its parent held when it was forked."""
    small = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, capture_output=True);"
             "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    told = subprocess.run([sys.executable, "-c", small, HUSTINGS, *arguments], cwd=cwd, check=True, capture_output=True)
    return int(told.stdout) / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not HUSTINGS.exists():
        sys.exit("Build first: swift build -c release --product hustings")
    times = {}

    def note(name, side, seconds):
        times.setdefault(name, {}).setdefault(side, []).append(seconds)

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make(folder, options.items)
        pair = ("run", "--benchmark", "pairs:pairs.jsonl", "--no-nulls")
        for _ in range(options.rounds):
            for file in folder.glob("*.sqlite*"):
                file.unlink()
            note("--help", "ours", ours("--help", cwd=folder))
            note("list benchmarks", "ours", ours("list", "benchmarks", cwd=folder))
            note("python -c pass", "python", timed(lambda: subprocess.run([sys.executable, "-c", "pass"])))
            run = ("--model", "recorded:scores.csv#one", "--store", "ours.sqlite")
            note(f"run {options.items:,} pairs", "ours", ours(*pair, *run, cwd=folder))
            note(f"run {options.items:,} pairs", "python", timed(lambda: python_run(folder, folder / "python.sqlite")))
            note("tabulate the stored run", "ours", ours("leaderboard", "--store", "ours.sqlite", cwd=folder))
            note("tabulate the stored run", "python", timed(lambda: python_tabulate(folder / "python.sqlite")))
            ours(*pair, "--model", "recorded:scores.csv#two", "--store", "ours.sqlite", cwd=folder)
            note("compare two stored runs", "ours", ours("compare", "one", "two", "--store", "ours.sqlite", cwd=folder))
            note("compare two stored runs", "python", timed(lambda: python_compare(folder / "python.sqlite")))
        peak = max(
            megabytes(*pair, "--model", "recorded:scores.csv#*", "--store", "peak.sqlite", cwd=folder),
            megabytes("leaderboard", "--store", "ours.sqlite", cwd=folder),
            megabytes("compare", "one", "two", "--store", "ours.sqlite", cwd=folder))
    print(f"{'what':28} {'ours, s':>9} {'Python, s':>10} {'ratio':>6}")
    for name, sides in times.items():
        median = {side: statistics.median(values) for side, values in sides.items()}
        ratio = f"{median['python'] / median['ours']:.1f}" if len(median) == 2 else ""
        cells = [f"{median[side]:.3f}" if side in median else "" for side in ("ours", "python")]
        print(f"{name:28} {cells[0]:>9} {cells[1]:>10} {ratio:>6}")
    print(f"peak memory of our commands: {peak:.0f} MB")


if __name__ == "__main__":
    main()
