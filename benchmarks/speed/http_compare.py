#!/usr/bin/env python3
"""Compares the harness's HTTP client with aiohttp: many POSTs to a local server that takes 20 ms for each.

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
import venv

HERE = pathlib.Path(__file__).resolve().parent
CALLS, CONCURRENCY, WAIT = 2000, 64, 0.020


def prepared():
    """The commands of the two contenders."""
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "http-speed"], cwd=HERE, check=True, stdout=sys.stderr
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
    return {
        "hustings": [f"{where}/http-speed"],
        f"aiohttp {version}": [str(python), str(HERE / "http_aiohttp.py")],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    contenders = prepared()
    surroundings = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    server = subprocess.Popen(
        [sys.executable, str(HERE / "http_server.py"), str(WAIT)], stdout=subprocess.PIPE, text=True
    )
    results = {name: [] for name in contenders}
    try:
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1/chat/completions"
        for _ in range(rounds):
            for name, command in contenders.items():
                done = subprocess.run(
                    command + [url, str(CALLS), str(CONCURRENCY)],
                    check=True, capture_output=True, text=True, env=surroundings,
                )
                results[name].append(json.loads(done.stdout))
    finally:
        server.kill()
    bound = CALLS / CONCURRENCY * WAIT
    print(f"{CALLS} POSTs, {CONCURRENCY} at a time, {WAIT * 1000:.0f} ms each: bound {bound:.3f} s; "
          f"medians of {rounds} interleaved rounds")
    print(f"{'client':<18}{'wall s':>8}{'wall/bound':>12}{'cpu s':>8}{'cpu us/call':>13}")
    medians = {}
    for name, list_ in results.items():
        wall = statistics.median(one["wall"] for one in list_)
        processor = statistics.median(one["processor"] for one in list_)
        medians[name] = (wall, processor)
        print(f"{name:<18}{wall:>8.3f}{wall / bound:>12.3f}{processor:>8.3f}{processor / CALLS * 1e6:>13.1f}")
    ours, theirs = medians.values()
    print(f"hustings / aiohttp: wall {ours[0] / theirs[0]:.2f}, cpu {ours[1] / theirs[1]:.2f}")


if __name__ == "__main__":
    main()
