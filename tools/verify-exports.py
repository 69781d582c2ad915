#!/usr/bin/env python3
"""Holds exports against programs that are not ours.

    verify-exports.py FOLDER

FOLDER holds what `provledger export` wrote: ocsf-1.8.ndjson, ocsf-1.9.ndjson, events.cef, batches.ndjson, events.csv,
events.ndjson, export.sqlite. Needs from PyPI: ocsf-json-schema, jsonschema, cefp, cloudevents, duckdb, datasette.
"""

import asyncio
import hashlib
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])


def lines(name):
    return [json.loads(line) for line in (folder / name).read_text().rstrip("\n").split("\n")]


def ocsf_1_8():
    """The schema of the release, as ocsf-json-schema carries it."""
    import jsonschema
    from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.8.0"))
    judges, kinds = {}, {}
    for event in lines("ocsf-1.8.ndjson"):
        uid = event["class_uid"]
        if uid not in judges:
            name = schema.lookup_class_name_from_uid(uid)
            judges[uid] = jsonschema.Draft202012Validator(schema.get_class_schema(name))
        problems = [f"{'/'.join(map(str, p.path))}: {p.message}" for p in judges[uid].iter_errors(event)]
        assert not problems, (event["metadata"]["event_code"], problems[:3])
        kinds[event["type_name"]] = kinds.get(event["type_name"], 0) + 1
        # The judge is awake: neither less nor more passes.
        less, more = {k: v for k, v in event.items() if k != "metadata"}, event | {"made_up": 1}
        assert not judges[uid].is_valid(less) and not judges[uid].is_valid(more)
    return f"{sum(kinds.values())} events of {len(kinds)} types are valid in 1.8.0"


# 1.9.0 is in no package yet: this table is our own, from the schema's repository.
USER_MANAGEMENT = {1: "Create", 2: "Update", 3: "Delete", 4: "Enable", 5: "Disable"}
REQUIRED = ["activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"]


def ocsf_1_9():
    """A table of our own, and the fingerprints of the profile record_integrity."""
    previous, accounts = None, 0
    events = lines("ocsf-1.9.ndjson")
    for event in events:
        assert all(name in event for name in REQUIRED), event
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"], event["type_uid"]
        assert event["metadata"]["version"] == "1.9.0" and event["metadata"]["profiles"] == ["record_integrity"]
        assert event["class_uid"] in (0, 3004, 3007, 6003), event["class_uid"]
        if event["class_uid"] == 3007:
            assert event["activity_name"] == USER_MANAGEMENT[event["activity_id"]]
            assert event["user"].get("uid") or event["user"].get("name")
            accounts += 1
        [attestation] = event["attestation_list"]
        assert attestation.get("prev_event", {}).get("fingerprint") == previous
        previous = attestation.pop("fingerprint")
        # Nothing of it is a fraction, so sorted names are the canonical form (RFC 8785).
        text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == previous["value"], event["metadata"]["uid"]
    assert accounts, "no account changed"
    return f"{len(events)} events fit our own table of 1.9.0, {accounts} of them User Management; all fingerprints hold"


def cef():
    """cefp reads the head, escapes included, and every key."""
    import cefp

    events = lines("events.ndjson")
    texts = (folder / "events.cef").read_text().rstrip("\n").split("\n")
    assert len(texts) == len(events)
    for text, event in zip(texts, events):
        head = cefp.CEFParser.split(text)
        keys = cefp.CEFParser.splitext(head[7])
        assert head[:3] == ["CEF:0", "ProvisioningLedger", "ProvisioningLedger"] and 0 <= int(head[6]) <= 10, head
        assert head[4] == keys["cat"] == event["type"], head
        assert keys["externalId"] == event["id"] and keys["cn1"] == event["position"], keys
        assert keys["cs2Label"] == "stream" and keys["cs2"] == event["stream"], keys
    return f"{len(texts)} lines are read back"


def cloudevents():
    """The SDK of CloudEvents takes each event of each batch."""
    from cloudevents.core.formats.json import JSONFormat

    reader, ids = JSONFormat(), []
    for batch in lines("batches.ndjson"):
        assert 1 <= len(batch) <= 100
        for event in batch:
            read = reader.read(None, json.dumps(event))
            assert read.get_specversion() == "1.0" and read.get_data()["action"]
            ids.append(read.get_id())
    assert ids == [event["id"] for event in lines("events.ndjson")]
    return f"{len(ids)} events of {len(lines('batches.ndjson'))} batches are taken"


def csv():
    """DuckDB reads the CSV, and writes it to Parquet and back without a difference."""
    import duckdb

    source = f"read_csv('{folder / 'events.csv'}', header = true, all_varchar = true)"
    rows = duckdb.sql(f"SELECT position, id, type, stream, displayName FROM {source}").fetchall()
    events = lines("events.ndjson")
    assert [row[:4] for row in rows] == [(e["position"], e["id"], e["type"], e["stream"]) for e in events]
    assert any(row[4] and row[4].startswith("'=") for row in rows), "no formula was made harmless"
    duckdb.sql(f"COPY (FROM {source}) TO '{folder / 'events.parquet'}'")
    differences = duckdb.sql(f"FROM {source} EXCEPT FROM '{folder / 'events.parquet'}'").fetchall()
    assert not differences, differences[:3]
    return f"{len(rows)} rows, the same in Parquet"


CANNED = {
    "leavers": "SELECT time, userPrincipalName, action, status FROM events"
    " WHERE type = 'delivery.completed' AND action = 'disable'",
    "of_one_person": "SELECT position, type, action, status FROM events WHERE alias ="
    " (SELECT alias FROM people WHERE userPrincipalName = :name) ORDER BY position",
    "renamed": "SELECT oldValue, newValue FROM changes WHERE attribute = 'displayName' AND oldValue IS NOT NULL",
}


def sqlite():
    """Datasette serves the database and answers three canned queries."""
    import httpx
    from datasette.app import Datasette

    async def ask():
        queries = {name: {"sql": sql} for name, sql in CANNED.items()}
        served = Datasette(
            [str(folder / "export.sqlite")], metadata={"databases": {"export": {"queries": queries}}}
        )
        await served.invoke_startup()
        counts = {}
        transport = httpx.ASGITransport(app=served.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://datasette") as client:
            for name in CANNED:
                answer = await client.get(f"/export/{name}.json?_shape=array&name=user1@example.com")
                assert answer.status_code == 200, answer.text
                counts[name] = len(answer.json())
        return counts

    counts = asyncio.run(ask())
    assert all(counts.values()), counts
    return ", ".join(f"{name}: {count} rows" for name, count in counts.items())


for check in [ocsf_1_8, ocsf_1_9, cef, cloudevents, csv, sqlite]:
    print(f"{check.__name__.replace('_', ' ', 1).replace('_', '.')}: {check()}")
