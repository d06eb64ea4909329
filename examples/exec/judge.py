"""A pairwise model in Python: the probability that the response shown first is better, by shared words with the prompt.

    hustings run --benchmark llmbar --model 'exec:python3 examples/exec/judge.py'
"""

import json
import math
import sys


def say(row):
    print(json.dumps(row), flush=True)


def overlap(prompt, response):
    asked = set(prompt.lower().split())
    return len(asked & set(response.lower().split())) / max(1, len(asked))


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        say({"type": "hello", "protocol": 1, "name": "word-overlap", "kind": "pairwise", "batch": 64})
    elif message["type"] == "batch":
        for item in message["items"]:
            if not item["prompt"].strip():
                say({"id": item["id"], "abstain": "there is no prompt"})
                continue
            margin = overlap(item["prompt"], item["first"]) - overlap(item["prompt"], item["second"])
            say({"id": item["id"], "probability": 1 / (1 + math.exp(-4 * margin))})
