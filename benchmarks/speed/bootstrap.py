"""Times the paired cluster bootstrap against vectorised numpy, in turn on the same machine and data.

Run from the repository root:

    python3 benchmarks/speed/bootstrap.py [--rounds 9] [--threads 2]

Both sides get the same items (cluster, candidate, baseline) and give the difference of two means with its standard
error and 95 % percentile interval from 10,000 resamples of whole clusters. numpy draws an index matrix and gathers the
cluster sums; of four ways to write that (whole or in cache-sized blocks, 64-bit or 32-bit indices) the fastest in each
round counts. numpy uses one thread, as its generator and gathers do; ours uses one per core. Beside the ratio of wall
times stands that of processor times, all threads counted, which says how the two compare core for core and hardly
moves when the machine is busy with something else. Medians over rounds.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent


def items(clusters, per_cluster, binary, seed=1):
    rng = np.random.default_rng(seed)
    sizes = np.ones(clusters, int) if per_cluster == 1 else rng.integers(1, 2 * per_cluster, clusters)
    cluster = np.repeat(np.arange(clusters), sizes)
    shared = np.repeat(rng.normal(size=clusters), sizes)
    candidate = shared + rng.normal(size=cluster.size) + 0.9
    baseline = shared + rng.normal(size=cluster.size) + 0.8
    if binary:
        candidate, baseline = (candidate > 0).astype(float), (baseline > 0).astype(float)
    return cluster, candidate, baseline


def numpy_bootstrap(cluster, candidate, baseline, replicates, rng, block, dtype):
    count = int(cluster.max()) + 1
    a = np.bincount(cluster, candidate, count)
    b = np.bincount(cluster, baseline, count)
    size = np.bincount(cluster, minlength=count).astype(float)
    equal = bool((size == size[0]).all())
    differences = np.empty(replicates)
    for start in range(0, replicates, block):
        here = min(block, replicates - start)
        index = rng.integers(0, count, size=(here, count), dtype=dtype)
        mine, theirs = a[index].sum(1), b[index].sum(1)
        drawn = size[0] * count if equal else size[index].sum(1)
        differences[start : start + here] = mine / drawn - theirs / drawn
    low, high = np.quantile(differences, [0.025, 0.975])
    return (candidate - baseline).mean(), differences.std(ddof=1), low, high


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=0, help="ours; 0 for one per core")
    parser.add_argument("--replicates", type=int, default=10_000)
    options = parser.parse_args()
    print("command:", " ".join(sys.argv), f"(numpy {np.__version__})")
    build = ["swift", "build", "-c", "release", "--package-path", str(HERE)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    binary = subprocess.run(build + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()

    cases = [
        ("3,000 items, margins", 3_000, 1, False, "shared"),
        ("3,000 items, right or wrong", 3_000, 1, True, "shared"),
        ("3,000 items, right or wrong, by kind", 3_000, 1, True, "byKind"),
        ("about 3,000 items in 1,000 prompts, margins", 1_000, 3, False, "shared"),
        ("3,000 prompts of about 3 items, margins", 3_000, 3, False, "shared"),
        ("200,000 items, right or wrong, by kind", 200_000, 1, True, "byKind"),
        ("200,000 items, margins", 200_000, 1, False, "shared"),
    ]
    print(f"{'case':46} {'numpy ms':>10} {'ours ms':>10} {'wall':>7} {'core':>7}   standard errors")
    for name, clusters, per_cluster, is_binary, draws in cases:
        data = items(clusters, per_cluster, is_binary)
        large = clusters > 10_000
        variants = [(256, np.int64)] if large else [
            (options.replicates, np.int64), (options.replicates, np.int32), (100, np.int64), (100, np.int32)]
        # 200,000 items take numpy half a minute: it draws a tenth of the resamples, and the time counts ten times.
        share = 10 if large else 1
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            np.savetxt(file, np.column_stack(data), fmt=["%d", "%.17g", "%.17g"])
            file.flush()
            command = [f"{binary}/bootstrap-speed", file.name, str(options.replicates), draws]
            if options.threads:
                command.append(str(options.threads))
            ours = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

            def ask():
                ours.stdin.write("go\n")
                ours.stdin.flush()
                return [float(part) for part in ours.stdout.readline().split()]

            rng = np.random.default_rng(7)
            theirs_ms, ours_ms, theirs_core, ours_core = [], [], [], []
            ask()
            for _ in range(3 if large else options.rounds):
                best = None
                for block, dtype in variants:
                    start, before = time.perf_counter(), time.process_time()
                    result = numpy_bootstrap(*data, options.replicates // share, rng, block, dtype)
                    core = (time.process_time() - before) * 1e3 * share
                    elapsed = (time.perf_counter() - start) * 1e3 * share
                    if best is None or core < best[0]:
                        best = (core, elapsed, result)
                theirs_core.append(best[0])
                theirs_ms.append(best[1])
                wall, core, *answer = ask()
                ours_ms.append(wall / 1e6)
                ours_core.append(core / 1e6)
            ours.stdin.close()
            ours.wait()
        theirs, mine = statistics.median(theirs_ms), statistics.median(ours_ms)
        core = statistics.median(theirs_core) / statistics.median(ours_core)
        estimate, error = best[2][:2]
        assert abs(answer[0] - estimate) < 1e-12 and abs(answer[1] / error - 1) < 0.15
        print(f"{name:46} {theirs:10.1f} {mine:10.1f} {theirs / mine:7.1f} {core:7.1f}   {error:.6f} {answer[1]:.6f}")


if __name__ == "__main__":
    main()
