#!/usr/bin/env python3
"""Compares the harness with aiohttp: 2,000 calls, 64 at a time, to a local server that takes 20 ms for each.

Two contests: bare POSTs by the HTTP client, and judge calls by the `openai:` model, which renders a prompt, writes and reads JSON,
looks for the reply in its store and keeps it there, finds the verdict and counts tokens, against aiohttp and sqlite3 doing the
like. Each round of judge calls has a new file. Then the memory of 100,000 queued calls and of a judge with as many pairs before it.

Run from anywhere: benchmarks/speed/http_compare.py [--rounds N]. It builds the client, installs aiohttp into a virtual
environment of its own (benchmarks/speed/.build/venv), and lets the two take turns within one run, so that both meet
the same machine. The bound is what the waits alone cost: calls / concurrency x 20 ms.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
CALLS, CONCURRENCY, WAIT, QUEUED = 2000, 64, 0.020, 100_000


def prepared():
    """The folder of our programs, and aiohttp's Python with its version."""
    for product in ("http-speed", "judge-speed", "queue-memory"):
        subprocess.run(
            ["swift", "build", "-c", "release", "--product", product], cwd=HERE, check=True, stdout=sys.stderr
        )
    where = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=HERE, check=True, capture_output=True, text=True
    ).stdout.strip()
    environment = HERE / ".build" / "venv"
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
    if subprocess.run([python, "-c", "import aiohttp"], capture_output=True).returncode != 0:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "aiohttp"], check=True, stdout=sys.stderr)
    version = subprocess.run(
        [python, "-c", "import aiohttp; print(aiohttp.__version__)"], capture_output=True, text=True
    ).stdout.strip()
    return where, [str(python), str(HERE / "http_aiohttp.py")], f"aiohttp {version}"


def run(command):
    """What a program prints. A `STORE` among its arguments becomes a file in a folder that is there for this run only."""
    with tempfile.TemporaryDirectory() as folder:
        return result([part.replace("STORE", f"{folder}/store") for part in command])


def result(command):
    surroundings = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=surroundings).stdout)


def contest(title, contenders, rounds):
    """Lets the contenders take turns and prints medians; ours is the first."""
    results = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, command in contenders.items():
            results[name].append(run(command))
    bound = CALLS / CONCURRENCY * WAIT
    print(f"{title}: {CALLS} calls, {CONCURRENCY} at a time, {WAIT * 1000:.0f} ms each, bound {bound:.3f} s; "
          f"medians of {rounds} interleaved rounds")
    print(f"{'client':<18}{'wall s':>8}{'wall/bound':>12}{'cpu s':>8}{'cpu us/call':>13}")
    medians = []
    for name, list_ in results.items():
        wall = statistics.median(one["wall"] for one in list_)
        processor = statistics.median(one["processor"] for one in list_)
        medians.append((wall, processor))
        print(f"{name:<18}{wall:>8.3f}{wall / bound:>12.3f}{processor:>8.3f}{processor / CALLS * 1e6:>13.1f}")
    ours, theirs = medians
    print(f"hustings / aiohttp: wall {ours[0] / theirs[0]:.2f}, cpu {ours[1] / theirs[1]:.2f}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    where, aiohttp, version = prepared()
    work = [str(CALLS), str(CONCURRENCY)]
    server = subprocess.Popen(
        [sys.executable, str(HERE / "http_server.py"), str(WAIT)], stdout=subprocess.PIPE, text=True
    )
    try:
        base = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        url = f"{base}/chat/completions"
        contest(
            "POSTs of 2 KB", {"hustings": [f"{where}/http-speed", url] + work, version: aiohttp + [url] + work}, rounds
        )
        contest(
            "judge calls of 2 KB",
            {
                "hustings": [f"{where}/judge-speed", base] + work + ["2048", "STORE"],
                version: aiohttp + [url] + work + ["2048", "STORE"],
            },
            rounds,
        )
        queue = run([f"{where}/queue-memory", base, str(QUEUED), str(CONCURRENCY), "2048"])
        print(f"memory with {QUEUED:,} queued calls of 2 KB: {queue['megabytes']:.0f} MB at the most")
        judged = run([f"{where}/judge-speed", base, str(QUEUED), "512", "64", "STORE"])
        print(f"memory of a judge with {QUEUED:,} pairs before it: {judged['megabytes']:.0f} MB at the most")
    finally:
        server.kill()


if __name__ == "__main__":
    main()
