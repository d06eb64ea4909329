"""Training steps per second of Hustings over PyTorch's, in one run: rounds alternate, the best of each counts."""

import argparse
import json
import os
import subprocess
import sys

# Head, inputs, aim. Linear heads are aimed at on embeddings of a small sentence encoder; on 1,024 inputs both sides wait for memory.
# pairpm-folded is pairpm with PyTorch's step written by the identity that halves its products, as nobody writes it but as ours is.
CASES = [
    ("bt-linear", 384, 5.0), ("gpm-linear", 384, 3.5), ("bt-linear", 1024, None), ("gpm-linear", 1024, None),
    ("bt-mlp", 1024, 2.5), ("gpm-mlp", 1024, 2.5), ("pairpm", 1024, 2.5),
    ("pairpm-folded", 1024, None),
]
# Variables that slow BLAS libraries down on some machines.
SLOWING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def lines(command):
    environment = {name: value for name, value in os.environ.items() if name not in SLOWING}
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def rates(command):
    found = {}
    for line in lines(command):
        if "head" in line:
            best = found.get(line["head"], (0.0, ""))
            found[line["head"]] = max(best, (line["steps_per_second"], line.get("way", "")))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hustings", help="the built train-speed")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--clock", default="wall", choices=["wall", "cpu"])
    parser.add_argument("--precisions", default="highest,high")
    parser.add_argument("--heads", default=",".join(sorted({head for head, _, _ in CASES})))
    arguments = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    failed = False
    print("| head | inputs | threads | steps/s | PyTorch steps/s | ratio | aim | PyTorch's best way |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    for threads in arguments.threads.split(","):
        for head, width, aim in CASES:
            if head not in arguments.heads.split(","):
                continue
            ours, theirs = 0.0, (0.0, "")
            common = ["--threads", threads, "--width", str(width), "--clock", arguments.clock]
            own = [arguments.hustings, *common, "--heads", head.removesuffix("-folded"), "--rounds", "3"]
            torch = [sys.executable, os.path.join(here, "train_pytorch.py"), *common, "--heads", head]
            for _ in range(arguments.rounds):
                ours = max(ours, *(rate for rate, _ in rates(own).values()))
                theirs = max(theirs, rates([*torch, "--seconds", "0.4", "--precisions", arguments.precisions])[head])
            ratio = ours / theirs[0]
            failed = failed or (aim is not None and ratio < aim)
            print(
                f"| {head} | {width} | {threads} | {ours:.0f} | {theirs[0]:.0f} | {ratio:.2f} | {aim or '–'} | {theirs[1]} |",
                flush=True,
            )
    peaks = lines([arguments.hustings, "--heads", "bt-mlp,pairpm", "--rounds", "1"])
    for line in peaks:
        if "peak_over_input" in line:
            print(f"\nPeak memory is {line['peak_over_input']:.2f} times the features (aim 1.2).")
            failed = failed or line["peak_over_input"] > 1.2
    for line in lines([arguments.hustings, "--score", "--threads", "1"]):
        print(
            f"\nScoring {line['pairs']:,} pairs takes {line['scoring_seconds']:.3f} s, reading their embeddings from memory "
            f"{line['reading_seconds']:.3f} s: {line['ratio']:.2f} times as long (aim 1.3)."
        )
        failed = failed or line["ratio"] > 1.3
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
