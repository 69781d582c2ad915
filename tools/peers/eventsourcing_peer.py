"""What PyPI's `eventsourcing` does on SQLite: save one aggregate at a time, insert in bulk, read in order.

  eventsourcing_peer.py save DATABASE COUNT BYTES
  eventsourcing_peer.py fill DATABASE SIZE BYTES
  eventsourcing_peer.py read DATABASE COUNT

BYTES is the size of a stored event's state, so that its rows are as large as ours. Prints one JSON object.
"""

import json
import os
import sys
import time
import uuid

verb, database, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.environ["PERSISTENCE_MODULE"] = "eventsourcing.sqlite"
os.environ["SQLITE_DBNAME"] = database

from eventsourcing.application import Application  # noqa: E402  it reads the environment
from eventsourcing.domain import Aggregate, event  # noqa: E402
from eventsourcing.persistence import StoredEvent  # noqa: E402


class Thing(Aggregate):
    @event("Registered")
    def __init__(self, payload):
        self.payload = payload


application = Application()
recorder = application.recorder
batch = 1000


def done(events, started):
    print(json.dumps({"events": events, "seconds": time.perf_counter() - started}))


if verb == "save":
    # What the library adds to a payload, found out by saving one.
    first = Thing("")
    application.save(first)
    overhead = len(recorder.select_events(first.id)[0].state)
    payload = "x" * max(0, int(sys.argv[4]) - overhead)
    things = [Thing(payload) for _ in range(count)]
    started = time.perf_counter()
    for thing in things:
        application.save(thing)
    done(count, started)
elif verb == "fill":
    state = b"x" * int(sys.argv[4])
    have = recorder.max_notification_id() or 0
    started = time.perf_counter()
    for start in range(have, count, batch):
        recorder.insert_events(
            [StoredEvent(uuid.uuid4(), 1, "Thing.Registered", state) for _ in range(min(batch, count - start))]
        )
    done(max(0, count - have), started)
else:
    seen, place = 0, 1
    started = time.perf_counter()
    while seen < count:
        page = recorder.select_notifications(place, batch)
        if not page:
            break
        seen += len(page)
        place = page[-1].id + 1
    done(seen, started)
