"""A benchmark in Python: sums with a right and a wrong result.

    hustings run --benchmark 'exec:python3 examples/exec/sums.py 200' --model null:length
"""

import json
import sys

count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
for number in range(count):
    a, b = number * 7 % 90 + 10, number * 13 % 90 + 10
    row = {"id": f"sum-{number}", "prompt": f"What is {a} + {b}?", "chosen": str(a + b), "rejected": str(a + b + 10)}
    print(json.dumps(row))
print(json.dumps({"type": "end", "count": count}))
