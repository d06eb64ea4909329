"""Times `hustings report` on a store of 50 models and 3,000 items, and says how large its pages are.

Run from the repository root, after `swift build -c release`:

    python3 benchmarks/speed/report.py [--models 50] [--items 3000] [--rounds 5]

The data are made up: pairs in five subsets, and a recording of every model. Prints the median wall time of the whole command, reading
the store included, the number of pages, the largest page, and whether two reports are the same bytes.
"""

import argparse
import csv
import filecmp
import json
import pathlib
import random
import resource
import statistics
import subprocess
import tempfile
import time

HUSTINGS = pathlib.Path(".build/release/hustings").resolve()


def make(folder, models, items):
    dice = random.Random(1)
    with open(folder / "pairs.jsonl", "w") as pairs:
        for i in range(items):
            pairs.write(json.dumps({
                "id": f"q{i}", "prompt": f"Question {i}?", "chosen": f"A considered answer to question {i}.",
                "rejected": f"A hasty answer to {i}, with a little more to say than is needed.", "subset": f"s{i % 5}"}) + "\n")
    hardness = [dice.gauss(0, 1) for _ in range(items)]
    with open(folder / "scores.csv", "w", newline="") as scores:
        rows = csv.writer(scores)
        rows.writerow(["item", "response", "reward", "model"])
        for m in range(models):
            for i in range(items):
                rows.writerow([f"q{i}", "chosen", f"{0.6 + m / models - hardness[i] + dice.gauss(0, 1):.4f}", f"model-{m:02}"])
                rows.writerow([f"q{i}", "rejected", "0", f"model-{m:02}"])


def same(one, other):
    names = [str(p.relative_to(one)) for p in one.rglob("*") if p.is_file()]
    others = [str(p.relative_to(other)) for p in other.rglob("*") if p.is_file()]
    if sorted(names) != sorted(others):
        return False
    return filecmp.cmpfiles(one, other, names, shallow=False)[0].__len__() == len(names)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=int, default=50)
    parser.add_argument("--items", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make(folder, wanted.models, wanted.items)
        subprocess.run(
            [HUSTINGS, "run", "--benchmark", "pairs:pairs.jsonl", "--model", "recorded:scores.csv#*", "--store", "s.sqlite"],
            cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times = []
        for round in range(wanted.rounds):
            start = time.perf_counter()
            subprocess.run(
                [HUSTINGS, "report", "--out", f"site{round}", "--store", "s.sqlite"], cwd=folder, check=True,
                stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - start)
        pages = sorted((folder / "site0").rglob("*.html"), key=lambda page: page.stat().st_size)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        identical = all(same(folder / "site0", folder / f"site{round}") for round in range(1, wanted.rounds))
        print(f"{wanted.models} models, {wanted.items:,} items: {statistics.median(times):.2f} s "
              f"(from {min(times):.2f} to {max(times):.2f}), peak {peak:.0f} MB")
        print(f"{len(pages)} pages, {sum(p.stat().st_size for p in pages) / 1e6:.1f} MB, the largest "
              f"{pages[-1].stat().st_size / 1e6:.2f} MB ({pages[-1].relative_to(folder / 'site0')})")
        print("every report is the same bytes" if identical else "REPORTS DIFFER")


main()
