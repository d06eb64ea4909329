"""Times reading JSON lines against Python's json and orjson, in turn on the same file and machine.

Run from the repository root, with orjson installed:

    python3 benchmarks/speed/json_lines.py [--records 20000] [--rounds 9]

Every reader goes once through the same synthetic preference pairs (nested turns, half of the records ASCII, half of
those with \\u escapes) in every round, so a slow moment of the machine hits all alike. Printed are the median rate of
each and the median over rounds of its ratio to ours. "tree" keeps every value, as Python does; "cursor" fills one
struct per record; "skip" only checks. The gzip rows read the same file compressed. All use one thread; times are
processor seconds, so that a busy machine matters little, and every reader has read the file once before.
"""

import argparse
import gzip
import json
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

import orjson

HERE = pathlib.Path(__file__).resolve().parent
WORDS = (
    "the model answers a question about history and code while naïve readers compare café responses – “quoted” text "
    "日本 with care because every preference matters in the end"
).split()


def text(rng, count, words):
    parts = []
    for _ in range(count):
        parts.append(rng.choice(words))
        chance = rng.random()
        if chance < 0.03:
            parts.append("\n\n")
        elif chance < 0.05:
            parts.append('"so"')
    return " ".join(parts)


def write(path, records):
    rng = random.Random(1)
    plain = [word for word in WORDS if word.isascii()]
    with open(path, "w", encoding="utf-8") as file:
        for index in range(records):
            words = plain if index % 2 == 0 else WORDS
            turns = [("user", 60), ("assistant", 40), ("user", 30)]
            record = {
                "id": f"pair-{index}",
                "prompt": [{"role": role, "content": text(rng, count, words)} for role, count in turns],
                "chosen": text(rng, 180, words),
                "rejected": text(rng, 170, words),
                "source": "synthetic/set",
                "margin": rng.gauss(0, 1),
                "votes": [rng.randint(0, 9) for _ in range(5)],
            }
            file.write(json.dumps(record, ensure_ascii=index % 4 < 2) + "\n")


def python_reader(loads, open_file):
    def read(path):
        start = time.process_time()
        checksum = 0
        with open_file(path, "rb") as file:
            for line in file:
                checksum += sum(loads(line)["votes"])
        return time.process_time() - start, checksum

    return read


def swift_reader(tool, way):
    def read(path):
        output = subprocess.run([tool, way, path], check=True, capture_output=True, text=True).stdout.split()
        return float(output[0]), int(output[1])

    return read


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()

    build = ["swift", "build", "--package-path", str(HERE), "-c", "release", "--product", "json-speed"]
    subprocess.run(build, check=True)
    folder = subprocess.run(build + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    tool = f"{folder}/json-speed"

    with tempfile.TemporaryDirectory() as scratch:
        path = f"{scratch}/pairs.jsonl"
        write(path, options.records)
        packed = path + ".gz"
        with open(path, "rb") as source, gzip.open(packed, "wb") as target:
            target.write(source.read())
        size = pathlib.Path(path).stat().st_size
        readers = {
            "hustings tree": (swift_reader(tool, "tree"), path),
            "hustings cursor": (swift_reader(tool, "cursor"), path),
            "hustings skip": (swift_reader(tool, "skip"), path),
            "orjson": (python_reader(orjson.loads, open), path),
            "python json": (python_reader(json.loads, open), path),
            "hustings tree, gzip": (swift_reader(tool, "tree"), packed),
            "orjson, gzip": (python_reader(orjson.loads, gzip.open), packed),
            "python json, gzip": (python_reader(json.loads, gzip.open), packed),
        }
        times = {name: [] for name in readers}
        checksums = {}
        for turn in range(options.rounds + 1):
            for name, (read, file) in readers.items():
                seconds, checksum = read(file)
                if turn > 0:
                    times[name].append(seconds)
                checksums[name] = checksum
        same = {value for name, value in checksums.items() if name != "hustings skip"}
        assert len(same) == 1, f"the readers disagree: {checksums}"

    print(f"{options.records:,} records, {size / 1e6:.0f} MB, median of {options.rounds} rounds")
    print(f"{'reader':<22}{'MB/s':>8}{'time / hustings tree':>24}")
    for name in readers:
        base = times["hustings tree, gzip" if name.endswith("gzip") else "hustings tree"]
        ratio = statistics.median(mine / ours for mine, ours in zip(times[name], base))
        print(f"{name:<22}{size / statistics.median(times[name]) / 1e6:>8.0f}{ratio:>24.2f}")


if __name__ == "__main__":
    main()
