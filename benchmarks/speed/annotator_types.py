"""Times an EM iteration over annotator types against the same in numpy and in PyTorch, in turn on the same machine and data.

Run from the repository root:

    python3 benchmarks/speed/annotator_types.py [--annotators 100000] [--votes 20] [--types 4] [--width 256] [--rounds 3]

All sides get the same votes (which of two responses to one of many prompts each annotator prefers), float32 features and starting
probabilities, and do the same number of iterations: fit a log-linear policy per type by L-BFGS from where it was, to a largest
gradient of 1e-5 of the mean loss and at most 50 steps, take shares, assign annotators anew in log space. numpy is given scipy's
L-BFGS-B, products by its BLAS on all cores, and weights gathered once per distinct vote, which is faster for it than working vote by
vote. Both print the log-likelihood that they end at. Medians over rounds.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy as np
from scipy.optimize import minimize

HERE = pathlib.Path(__file__).resolve().parent
RESPONSES = 4


def votes(annotators, count, prompts, width, types, seed=1):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(prompts * RESPONSES, width)).astype(np.float32) / np.float32(np.sqrt(width))
    weights = rng.normal(size=(width, types)).astype(np.float32) * 2
    scores = features @ weights
    kind = rng.integers(types, size=annotators)
    prompt = rng.integers(prompts, size=(annotators, count))
    a = rng.integers(RESPONSES, size=prompt.shape)
    b = (a + rng.integers(1, RESPONSES, size=prompt.shape)) % RESPONSES
    first, second = prompt * RESPONSES + a, prompt * RESPONSES + b
    gap = scores[first, kind[:, None]] - scores[second, kind[:, None]]
    wins = rng.random(prompt.shape) < 1 / (1 + np.exp(-gap))
    winner, loser = np.where(wins, first, second), np.where(wins, second, first)
    # A start that knows a little, so that every iteration has something to do.
    start = rng.dirichlet(np.ones(types), annotators)
    start[np.arange(annotators), kind] += 0.3
    start /= start.sum(1, keepdims=True)
    return features, winner.astype(np.int32), loser.astype(np.int32), start


def numpy_em(features, winner, loser, gamma, iterations, ridge=1.0):
    annotators, count = winner.shape
    types = gamma.shape[1]
    rows = len(features)
    key, pattern = np.unique(winner.ravel().astype(np.int64) * rows + loser.ravel(), return_inverse=True)
    win, lose = key // rows, key % rows
    pattern = pattern.reshape(winner.shape)
    flat = pattern.ravel()
    thetas = np.zeros((types, features.shape[1]))

    def logs(theta):
        score = features @ theta.astype(np.float32)
        gap = score[win].astype(float) - score[lose]
        return gap, np.minimum(gap, 0) - np.log1p(np.exp(-np.abs(gap)))

    begun = time.perf_counter()
    for _ in range(iterations):
        shares = gamma.mean(0)
        for k in range(types):
            weight = np.bincount(flat, np.repeat(gamma[:, k], count), len(key))
            total = weight.sum()

            def objective(theta):
                gap, log = logs(theta)
                slope = weight / (1 + np.exp(gap))
                by_row = np.bincount(win, slope, rows) - np.bincount(lose, slope, rows)
                gradient = -(by_row.astype(np.float32) @ features).astype(float)
                return (
                    (-(weight @ log) + ridge / 2 * theta @ theta) / total,
                    (gradient + ridge * theta) / total,
                )

            thetas[k] = minimize(
                objective, thetas[k], jac=True, method="L-BFGS-B",
                options={"maxiter": 50, "gtol": 1e-5, "ftol": 1e-10, "maxcor": 10},
            ).x
        joint = np.log(shares) + np.stack([logs(theta)[1][pattern].sum(1) for theta in thetas], 1)
        top = joint.max(1, keepdims=True)
        evidence = top[:, 0] + np.log(np.exp(joint - top).sum(1))
        gamma = np.exp(joint - evidence[:, None])
    return (time.perf_counter() - begun) / iterations, evidence.sum()


def torch_em(features, winner, loser, gamma, iterations, ridge=1.0):
    import torch

    torch.set_num_threads(os.cpu_count())
    annotators, count = winner.shape
    types = gamma.shape[1]
    rows = len(features)
    key, pattern = np.unique(winner.ravel().astype(np.int64) * rows + loser.ravel(), return_inverse=True)
    win, lose = torch.from_numpy(key // rows), torch.from_numpy(key % rows)
    flat = torch.from_numpy(pattern.ravel())
    features, gamma = torch.from_numpy(features), torch.from_numpy(gamma)
    thetas = [torch.zeros(features.shape[1], dtype=torch.float64) for _ in range(types)]

    def logs(theta):
        score = features @ theta.float()
        return torch.nn.functional.logsigmoid((score[win] - score[lose]).double())

    begun = time.perf_counter()
    for _ in range(iterations):
        shares = gamma.mean(0)
        for k in range(types):
            weight = torch.zeros(len(key), dtype=torch.float64)
            weight.index_add_(0, flat, gamma[:, k].repeat_interleave(count))
            total = weight.sum()
            theta = thetas[k].requires_grad_(True)
            solver = torch.optim.LBFGS(
                [theta], max_iter=50, tolerance_grad=1e-5, tolerance_change=1e-10, history_size=10,
                line_search_fn="strong_wolfe")

            def closure():
                solver.zero_grad()
                loss = (-(weight @ logs(theta)) + ridge / 2 * theta @ theta) / total
                loss.backward()
                return loss

            solver.step(closure)
            thetas[k] = theta.detach()
        joint = torch.log(shares) + torch.stack(
            [logs(theta)[flat].reshape(annotators, count).sum(1) for theta in thetas], 1)
        evidence = torch.logsumexp(joint, 1)
        gamma = torch.exp(joint - evidence[:, None])
    return (time.perf_counter() - begun) / iterations, float(evidence.sum())


def has_torch():
    import importlib.util

    return importlib.util.find_spec("torch") is not None


def main():
    parser = argparse.ArgumentParser()
    for name, value in [
        ("annotators", 100_000), ("votes", 20), ("prompts", 25_000), ("width", 256), ("types", 4), ("iterations", 3),
        ("rounds", 3),
    ]:
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    build = ["swift", "build", "-c", "release", "--package-path", str(HERE), "--product", "types-speed"]
    if "TYPES_SPEED" not in os.environ:
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    binary = os.environ.get("TYPES_SPEED", HERE / ".build/release/types-speed")
    features, winner, loser, start = votes(
        options.annotators, options.votes, options.prompts, options.width, options.types)
    ours = []
    others = {"numpy": numpy_em} | ({"torch": torch_em} if has_torch() else {})
    theirs, ends = {name: [] for name in others}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, value in [("features", features), ("winners", winner), ("losers", loser), ("start", start)]:
            value.tofile(f"{folder}/{name}")
        command = [str(binary), folder] + [
            str(n)
            for n in (options.annotators, options.votes, options.prompts, options.width, options.types, options.iterations)
        ]
        for _ in range(options.rounds):
            seconds, likelihood, patterns, memory = subprocess.run(
                command, check=True, capture_output=True, text=True).stdout.split()
            ours.append(float(seconds))
            for name, em in others.items():
                spent, ends[name] = em(features, winner, loser, start, options.iterations)
                theirs[name].append(spent)
    print(f"{options.annotators:,} annotators x {options.votes} votes x {options.types} types, {options.width} features, "
          f"{int(patterns):,} distinct votes")
    print(f"ours   {statistics.median(ours):7.3f} s per iteration   log-likelihood {float(likelihood):.2f}   {float(memory):.0f} MiB")
    for name, times in theirs.items():
        print(f"{name:6} {statistics.median(times):7.3f} s per iteration   log-likelihood {ends[name]:.2f}   "
              f"ratio {statistics.median(times) / statistics.median(ours):.2f}")


if __name__ == "__main__":
    main()
