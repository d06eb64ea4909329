"""The same work as http-speed, by aiohttp: URL COUNT CONCURRENCY."""

import asyncio
import json
import resource
import sys
import time

import aiohttp

url, count, concurrency = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
body = b"x" * 2048


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def post(session, count):
    left = iter(range(count))

    async def work():
        for _ in left:
            async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
                answer.raise_for_status()
                await answer.read()

    await asyncio.gather(*(work() for _ in range(concurrency)))


async def main():
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:
        await post(session, 2 * concurrency)
        processor, start = processor_seconds(), time.perf_counter()
        await post(session, count)
        wall = time.perf_counter() - start
        print(json.dumps({"wall": wall, "processor": processor_seconds() - processor}))


asyncio.run(main())
