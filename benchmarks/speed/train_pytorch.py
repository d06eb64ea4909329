"""PyTorch's CPU training steps per second, for the ratios that train.sh prints.

Eager mode with fused AdamW, the fastest of several ways to write each step; every way is timed and the best one counts.
Features lie in memory as one float32 matrix; a step gathers 512 pairs by index, as any training loop over stored
embeddings must. One JSON line per head and thread count.
"""

import argparse
import itertools
import json
import time

import torch
import torch.nn.functional as F

BATCH = 512


def steps_per_second(step, seconds, clock):
    for _ in range(5):
        step()
    best = 0.0
    for _ in range(3):
        count, start = 0, clock()
        while True:
            step()
            count += 1
            elapsed = clock() - start
            if elapsed > seconds:
                break
        best = max(best, count / elapsed)
    return best


class Mlp(torch.nn.Module):
    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.first = torch.nn.Linear(inputs, hidden)
        self.last = torch.nn.Linear(hidden, outputs, bias=False)

    def forward(self, x):
        return self.last(F.relu(self.first(x)))


def skew(v, w, tau):
    a, b = v[:, 0::2], v[:, 1::2]
    c, d = w[:, 0::2], w[:, 1::2]
    return (a * d - b * c).sum(1) / tau


def make(head, x, width, joined, gather):
    """One training step: the model, its loss, and AdamW; `joined` runs both sides of the pairs in one product."""
    hidden = 256
    if head == "bt-linear":
        net = torch.nn.Linear(width, 1, bias=False)
    elif head == "gpm-linear":
        net = torch.nn.Linear(width, 8, bias=False)
    elif head == "bt-mlp":
        net = Mlp(width, hidden, 1)
    elif head == "gpm-mlp":
        net = Mlp(width, hidden, 8)
    else:
        net = Mlp(2 * width, hidden, 1)
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.01, fused=True)
    pairs = x.shape[0] // 2
    order = torch.randperm(pairs)
    batches = itertools.cycle(range(0, pairs - BATCH + 1, BATCH))

    def rows(index):
        return x.index_select(0, index) if gather == "select" else x[index]

    def step():
        start = next(batches)
        index = order[start : start + BATCH]
        if head == "pairpm-folded":
            # Both orders again, by the identity that Hustings uses: W1 a + W2 b = (W1 + W2)(a + b)/2 + (W1 - W2)(a - b)/2.
            a, b = rows(index), rows(index + pairs)
            first, second = net.first.weight.chunk(2, 1)
            sums = F.linear((a + b) / 2, first + second, net.first.bias)
            differences = F.linear((a - b) / 2, first - second)
            if joined:
                out = net.last(F.relu(torch.cat([sums + differences, sums - differences])))[:, 0]
                there, back = out[:BATCH], out[BATCH:]
            else:
                there, back = (net.last(F.relu(x))[:, 0] for x in (sums + differences, sums - differences))
            loss = 0.5 * (F.softplus(-there).mean() + F.softplus(back).mean())
        elif head == "pairpm":
            # Both orders of presentation, as order augmentation asks.
            a, b = rows(index), rows(index + pairs)
            if joined:
                both = torch.cat([torch.cat([a, b], 1), torch.cat([b, a], 1)])
                out = net(both)[:, 0]
                loss = 0.5 * (F.softplus(-out[:BATCH]).mean() + F.softplus(out[BATCH:]).mean())
            else:
                first = net(torch.cat([a, b], 1))
                second = net(torch.cat([b, a], 1))
                loss = 0.5 * (F.softplus(-first).mean() + F.softplus(second).mean())
        else:
            if joined:
                out = net(rows(torch.cat([index, index + pairs])))
                chosen, rejected = out[:BATCH], out[BATCH:]
            else:
                chosen, rejected = net(rows(index)), net(rows(index + pairs))
            if head.startswith("bt"):
                score = chosen[:, 0] - rejected[:, 0]
            else:
                score = skew(F.normalize(chosen, dim=1), F.normalize(rejected, dim=1), 0.1)
            loss = F.softplus(-score).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()

    return step


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=32000)
    parser.add_argument("--width", type=int, default=1024)
    parser.add_argument("--seconds", type=float, default=0.7)
    parser.add_argument("--heads", default="bt-linear,gpm-linear,bt-mlp,gpm-mlp,pairpm")
    parser.add_argument("--precisions", default="highest")
    parser.add_argument("--clock", default="wall", choices=["wall", "cpu"], help="cpu: for one thread on a busy machine")
    arguments = parser.parse_args()
    clock = time.process_time if arguments.clock == "cpu" else time.perf_counter
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    x = torch.randn(2 * arguments.pairs, arguments.width)
    for head in arguments.heads.split(","):
        best = (0.0, "")
        for precision in arguments.precisions.split(","):
            torch.set_float32_matmul_precision(precision)
            for joined in (True, False):
                for gather in ("select", "index"):
                    step = make(head, x, arguments.width, joined, gather)
                    rate = steps_per_second(step, arguments.seconds, clock)
                    name = f"{'joined' if joined else 'separate'}, {gather}, {precision}"
                    best = max(best, (rate, name))
        print(json.dumps({"head": head, "threads": arguments.threads, "steps_per_second": best[0], "way": best[1]}))


if __name__ == "__main__":
    main()
