#!/usr/bin/env python3
"""Plain SCIM clients without any ledger: what it costs to make accounts and to remember nothing. Standard library only.

  scim_client.py sequential URL TOKEN COUNT
  scim_client.py async      URL TOKEN COUNT CONCURRENCY

Each lists the users once, as matching needs, then sends one POST /Users a person over connections that stay open.
Prints one JSON object: the number of accounts made, and the seconds from the first POST's sending to the last answer.
"""

import asyncio
import http.client
import json
import sys
import time
from urllib.parse import urlsplit

mode, url, token, count = sys.argv[1], urlsplit(sys.argv[2]), sys.argv[3], int(sys.argv[4])
headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json", "Accept": "application/scim+json"}


def body(number):
    address = f"plain-{mode}-{number}@bench.example"
    user = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": address,
        "displayName": f"Plain {number}",
        "emails": [{"value": address, "primary": True}],
        "active": True,
    }
    return json.dumps(user).encode()


def sequential():
    connection = http.client.HTTPConnection(url.hostname, url.port)

    def call(method, path, data=None):
        connection.request(method, url.path + path, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            sys.exit(f"{method} {path} was answered {answer.status}")
        return json.loads(text)

    call("GET", "/Users")
    started = time.perf_counter()
    for number in range(count):
        call("POST", "/Users", body(number))
    return time.perf_counter() - started


async def send(reader, writer, method, path, data=b""):
    lines = [f"{method} {url.path}{path} HTTP/1.1", f"Host: {url.netloc}", f"Content-Length: {len(data)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status = int(head.split(" ", 2)[1])
    length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:"))
    text = await reader.readexactly(length)
    if status not in (200, 201):
        sys.exit(f"{method} {path} was answered {status}")
    return json.loads(text)


async def concurrent(width):
    numbers = iter(range(count))
    connections = [await asyncio.open_connection(url.hostname, url.port) for _ in range(width)]
    await send(*connections[0], "GET", "/Users")

    async def work(reader, writer):
        for number in numbers:
            await send(reader, writer, "POST", "/Users", body(number))

    started = time.perf_counter()
    await asyncio.gather(*(work(*connection) for connection in connections))
    return time.perf_counter() - started


seconds = sequential() if mode == "sequential" else asyncio.run(concurrent(int(sys.argv[5])))
print(json.dumps({"events": count, "seconds": seconds}))
