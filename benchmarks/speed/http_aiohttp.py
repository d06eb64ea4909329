"""The same work as http-speed, or as judge-speed with BYTES and STORE, by aiohttp: URL COUNT CONCURRENCY [BYTES STORE].

As a judge it does what the harness does for each call, the way one would in Python: fills the prompt in, writes the request as
JSON, looks for its SHA-256 among the replies kept in an SQLite file, asks, reads the answer as JSON, keeps it in the file in a
transaction of its own (write-ahead log, synchronous = NORMAL, one prepared statement each way), looks for the verdict and adds up
the tokens.
"""

import asyncio
import datetime
import hashlib
import json
import resource
import sqlite3
import sys
import time

import aiohttp

url, count, concurrency = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
size = int(sys.argv[4]) if len(sys.argv) > 4 else None
store = sqlite3.connect(sys.argv[5], isolation_level=None) if size is not None else None
body = b"x" * 2048
filling = "x" * ((size or 0) // 2)
system = "Compare two responses and write [[A]], [[B]] or [[C]]. " * 15


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def question(number):
    user = f"<prompt>\nQuestion {number}?\n</prompt>\n\n{filling}a{number}\n\n{filling}b{number}"
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    return json.dumps({"model": "m", "messages": messages, "temperature": 0, "max_tokens": 1024}).encode()


if store is not None:
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = NORMAL")
    store.execute(
        "CREATE TABLE IF NOT EXISTS replies (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, endpoint TEXT NOT NULL, "
        "model TEXT NOT NULL, body BLOB NOT NULL, created_at TEXT NOT NULL)"
    )


async def judged(session, number, usage):
    data = question(number)
    key = hashlib.sha256(data).hexdigest()
    row = store.execute("SELECT body FROM replies WHERE key = ?", (key,)).fetchone()
    if row is None:
        async with session.post(url, data=data, headers={"Content-Type": "application/json"}) as answer:
            answer.raise_for_status()
            text = await answer.read()
        reply = json.loads(text)
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        store.execute(
            "INSERT OR IGNORE INTO replies (key, endpoint, model, body, created_at) VALUES (?, ?, ?, ?, ?)",
            (key, url, "m", text, now),
        )
    else:
        reply = json.loads(row[0])
    said = reply["choices"][0]["message"]["content"]
    for name, tokens in reply["usage"].items():
        usage[name] = usage.get(name, 0) + tokens
    return next((margin for label, margin in (("[[A]]", 1), ("[[B]]", -1), ("[[C]]", 0)) if label in said), None)


async def post(session, first, count):
    left = iter(range(first, first + count))
    usage = {}

    async def work():
        for number in left:
            if store is not None:
                assert await judged(session, number, usage) == 1
                continue
            async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
                answer.raise_for_status()
                await answer.read()

    await asyncio.gather(*(work() for _ in range(concurrency)))


async def main():
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:
        await post(session, 0, 2 * concurrency)
        processor, start = processor_seconds(), time.perf_counter()
        await post(session, 1_000_000, count)
        wall = time.perf_counter() - start
        print(json.dumps({"wall": wall, "processor": processor_seconds() - processor}))


asyncio.run(main())
