"""A reward model in Python: prefers the response whose length is nearest to 400 characters.

    hustings run --benchmark llmbar --model 'exec:python3 examples/exec/length.py'
"""

import json
import sys


def say(row):
    print(json.dumps(row), flush=True)


def reward(prompt, response):
    return -abs(len(response) - 400)


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        say({"type": "hello", "protocol": 1, "name": "near-400", "kind": "reward", "revision": "1"})
    elif message["type"] == "batch":
        for item in message["items"]:
            say({"id": item["id"], "rewards": [reward(item["prompt"], text) for text in item["responses"]]})
    elif message["type"] == "shutdown":
        break
