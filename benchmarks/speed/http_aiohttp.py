"""The same work as http-speed, or as judge-speed with a number of BYTES, by aiohttp: URL COUNT CONCURRENCY [BYTES].

As a judge it writes each request as JSON, reads each answer as JSON and looks for the verdict in it.
"""

import asyncio
import json
import resource
import sys
import time

import aiohttp

url, count, concurrency = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
size = int(sys.argv[4]) if len(sys.argv) > 4 else None
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


async def post(session, count):
    left = iter(range(count))

    async def work():
        for number in left:
            data = body if size is None else question(number)
            async with session.post(url, data=data, headers={"Content-Type": "application/json"}) as answer:
                answer.raise_for_status()
                text = await answer.read()
                if size is not None:
                    reply = json.loads(text)["choices"][0]["message"]["content"]
                    assert "[[A]]" in reply

    await asyncio.gather(*(work() for _ in range(concurrency)))


async def main():
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:
        await post(session, 2 * concurrency)
        processor, start = processor_seconds(), time.perf_counter()
        await post(session, count)
        wall = time.perf_counter() - start
        print(json.dumps({"wall": wall, "processor": processor_seconds() - processor}))


asyncio.run(main())
