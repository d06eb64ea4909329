"""Seconds to fit `hashed` on texts and encode them, over scikit-learn's HashingVectorizer and TF-IDF on the same n-grams.

    python3 benchmarks/speed/encode.py [TEXTS]

TEXTS has one text per line; without it, texts are made up from a vocabulary with Zipf's frequencies. Both programs hold their
texts in memory and take turns; one thread against one, and the median of the rounds counts. Needs scikit-learn, and builds
encode-speed.
"""

import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time

from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.pipeline import make_pipeline

AIM = 10.0


def made_up(count):
    """Texts of 20 to 300 words; the word of rank r is drawn with probability proportional to 1/r."""
    rng = random.Random(1)
    letters = "etaoinshrdlucmfwygpbvk"
    words = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(30_000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    texts = []
    for _ in range(count):
        drawn = rng.choices(words, weights, k=rng.randint(20, 300))
        texts.append(" ".join(drawn).capitalize() + ".")
    return texts


def vectoriser(words, characters):
    common = {"n_features": 1 << 18, "alternate_sign": True, "norm": None}
    if words:
        counts = HashingVectorizer(ngram_range=(1, words), **common)
    else:
        counts = HashingVectorizer(analyzer="char_wb", ngram_range=characters, **common)
    return make_pipeline(counts, TfidfTransformer(sublinear_tf=False))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="?")
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    subprocess.run(
        ["swift", "build", "-c", "release", "--package-path", here, "--product", "encode-speed"],
        check=True, stdout=subprocess.DEVNULL)
    if arguments.texts:
        with open(arguments.texts, encoding="utf-8") as file:
            texts = [line.rstrip("\n") for line in file]
    else:
        texts = made_up(arguments.count)
    print("| n-grams | texts | Hustings s | scikit-learn s | ratio | aim |")
    print("|---|---:|---:|---:|---:|---:|")
    failed = False
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for text in texts:
            file.write(text.replace("\\", "\\\\").replace("\n", "\\n") + "\n")
        file.flush()
        for name, words, characters in [("words 1-2", 2, None), ("characters 3-5", 0, (3, 5))]:
            spelled = "no" if characters is None else "-".join(map(str, characters))
            ours = subprocess.Popen(
                [f"{here}/.build/release/encode-speed", file.name, str(words), spelled, "no", "1"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            times = ([], [])
            for _ in range(arguments.rounds):
                ours.stdin.write("\n")
                ours.stdin.flush()
                times[0].append(float(ours.stdout.readline().split()[0]))
                start = time.perf_counter()
                vectoriser(words, characters).fit_transform(texts)
                times[1].append(time.perf_counter() - start)
            ours.stdin.close()
            ours.wait()
            mine, theirs = (statistics.median(part) for part in times)
            failed = failed or theirs / mine < AIM
            print(f"| {name} | {len(texts):,} | {mine:.3f} | {theirs:.3f} | {theirs / mine:.1f} | {AIM:.0f} |", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
