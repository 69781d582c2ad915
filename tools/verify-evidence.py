#!/usr/bin/env python3
"""Checks an evidence pack of ProvisioningLedger with none of its code: Python's standard library alone.

verify-evidence.py --key VKEY PACK.zip

Needs verify-log.py and the evidence_*.py beside it, and checks: that the archive holds the manifest's files and nothing
else, the checkpoint's Ed25519 signature, that the log grew from the report's part to the checkpoint's, that each event
is the log's, that no event of a stream is left out, what is opened of them; and it makes the report's rows and numbers
anew from the events and compares each, and the CSV. What is for reading alone it leaves to you, and says so. Ends with
0 when all of it holds and 1 when something does not.
"""
import argparse, hashlib, json, pathlib, sys, zlib

# Nothing is written beside the scripts.
sys.dont_write_bytecode = True
import evidence_access, evidence_form, evidence_people, evidence_records
from evidence_form import log, need, parse, whole


# The archive (PKWARE's APPNOTE 6.3.10).

LIMIT = 2**28

def number(data, at, size):
    need(0 <= at <= len(data) - size, "the archive points past its end: it was cut or changed")
    return int.from_bytes(data[at:at + size], "little")

def content(data, start, packed, method, limit):
    need(start + packed <= len(data), "the archive points past its end: it was cut or changed")
    found = data[start:start + packed]
    if method == 8:
        inflater = zlib.decompressobj(-15)
        found = inflater.decompress(found, limit + 1)
        need(inflater.eof and not inflater.unused_data, "a file is packed in a way that cannot be read, or too large")
    need(method in (0, 8) and len(found) <= limit, "a file is packed in a way that cannot be read, or too large")
    return found

def unpack_one(data, row, limit):
    """A file by its row in the directory: name, bytes, where it stands, and where the next row does."""
    need(number(data, row, 4) == 0x02014B50, "the archive's directory is broken")
    lengths = [number(data, row + at, 2) for at in (28, 30, 32)]
    letters, offset = data[row + 46:row + 46 + lengths[0]], number(data, row + 42, 4)
    need(number(data, offset, 4) == 0x04034B50 and number(data, offset + 26, 2) == len(letters)
         and data[offset + 30:offset + 30 + len(letters)] == letters, "a file is not where the directory has it")
    start = offset + 30 + len(letters) + number(data, offset + 28, 2)
    packed = number(data, row + 20, 4)
    found = content(data, start, packed, number(data, row + 10, 2), limit)
    need(zlib.crc32(found) == number(data, row + 16, 4), f"{letters.decode()} was damaged")
    end = start + packed
    # The sizes follow where they were not known before (section 4.3.9).
    if number(data, offset + 6, 2) & 8:
        end += 16 if number(data, end, 4) == 0x08074B50 else 12
    return letters.decode(), found, (offset, end), row + 46 + sum(lengths)

def unpack(data):
    """The files of an archive that holds nothing else: each follows the one before, and the directory the last."""
    tail = len(data) - 22
    need(len(data) <= LIMIT and tail >= 0 and number(data, tail, 4) == 0x06054B50 and not number(data, tail + 20, 2),
         "the file is no archive, or was cut, or more stands behind it")
    row = start = number(data, tail + 16, 4)
    files, stands, size = {}, [], 0
    for _ in range(number(data, tail + 10, 2)):
        name, found, stand, row = unpack_one(data, row, LIMIT - size)
        need(name not in files, f"{name} is there twice")
        need(not name.endswith("/") or not found, "a folder holds bytes")
        if not name.endswith("/"):
            files[name] = found
        stands.append(stand)
        size += len(found)
    stands.sort()
    ends = [end for _, end in stands]
    begins = [begin for begin, _ in stands]
    need(row == tail and begins + [start] == [0] + ends, "the archive holds something beside its files")
    return files


# The proofs.

SAID = {"erased", "events", "files", "form", "log", "notOpened", "parameters", "program", "report", "rows"}
NAMES = {"manifest.json", "checkpoint", "vkey.txt", "events.ndjson", "opened.ndjson", "report.json", "report.csv",
         "report.html", "report.schema.json", "VERIFY.txt"}

def check_files(files):
    """The manifest, which names each file as it is."""
    manifest = parse(files["manifest.json"])
    need(manifest["form"] == "provledger-evidence/1", "the pack is of no form that is known")
    for row in manifest["files"]:
        need(row["name"] in files, f"{row['name']} is missing")
        need(hashlib.sha256(files[row["name"]]).hexdigest() == row["sha256"],
             f"{row['name']} is not as the manifest names it")
    strangers = set(files) - {row["name"] for row in manifest["files"]} - {"manifest.json"}
    need(not strangers, f"{min(strangers, default='')} is not in the manifest")
    rows = [{"bytes": len(data), "name": name, "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items()) if name != "manifest.json"]
    need(set(manifest) == SAID and files["manifest.json"] == log.compact(manifest | {"files": rows}) + b"\n",
         "the manifest is not written as the program writes it")
    return manifest

# What VERIFY.txt says, by its digest, and which program says it.
PAGE = ("1.0.0", "877fb0f0a4adca1d5473dbbab7050cdefcca87468dfb31514fe0db14a463bf98")

def left_to_read(files, manifest):
    """The files that nothing is held against here."""
    left = ["report.html", "report.schema.json"]
    if manifest["program"] != PAGE[0]:
        return left + ["VERIFY.txt"]
    digest = hashlib.sha256(files["VERIFY.txt"]).hexdigest()
    need(digest == PAGE[1], "VERIFY.txt is not the one that the program writes")
    return left

def check_part(files, manifest, size, root):
    """The report's part of the log is where the checkpoint's log begins."""
    part, part_root = whole(manifest["parameters"]["asOfPosition"]), bytes.fromhex(manifest["log"]["root"])
    need(1 <= part <= size, "the report is about more of the log than the checkpoint covers")
    if part == size:
        need(part_root == root, "the report states another root than the checkpoint")
        need("growth.txt" not in files, "growth.txt proves nothing that is not so without it")
        return part
    head, _, note = files["growth.txt"].decode().partition("\n\n")
    lines = head.split("\n")
    need(note == files["checkpoint"].decode() and lines[0] == f"old {part}", "growth.txt is about something else")
    log.check_growth(part, size, log.hashes(lines[1:]), part_root, root)
    return part

def lines_of(files, name):
    need(not files[name] or files[name].endswith(b"\n"), f"the last line of {name} has no end")
    return files[name].split(b"\n")[:-1]

def rows_of(files, name):
    """The objects of a file, a line each, with the lines."""
    for place, line in enumerate(lines_of(files, name), 1):
        try:
            row = parse(line)
        except (ValueError, log.Bad) as error:
            raise log.Bad(f"line {place} of {name} is no JSON: {error}") from error
        need(type(row) is dict, f"line {place} of {name} is no object")
        yield row, line

def check_events(files, part, size, root):
    """Each event is the log's, and of each stream there are all from the first on."""
    events, versions, last = [], {}, 0
    for event, line in rows_of(files, "events.ndjson"):
        position, version, stream = whole(event.get("position")), whole(event.get("version")), event["stream"]
        need(last < position <= part, f"event {position} is out of order, or not in the report's part of the log")
        head, _, note = files[f"proofs/{position}.tlog-proof"].decode().partition("\n\n")
        lines = head.split("\n")
        need(note == files["checkpoint"].decode() and lines[:2] == ["c2sp.org/tlog-proof@v1", f"index {position - 1}"],
             f"the proof of event {position} is of something else")
        log.check_inclusion(position - 1, size, log.leaf(line), log.hashes(lines[2:]), root)
        need(version == versions.get(stream, 0) + 1, f"an event of {stream} before event {position} is left out")
        versions[stream], last = version, position
        events.append(event)
    return events

def check_names(files, manifest, events, part, size):
    """There is nothing in the pack that nothing is held against."""
    known = NAMES | {f"proofs/{event['position']}.tlog-proof" for event in events}
    known |= {"growth.txt"} if part < size else set()
    need(set(files) == known, f"{min(set(files) ^ known, default='')} belongs to no pack")
    need(log.compact(manifest["events"]) == log.compact(len(events)), "the manifest counts other events")

PARTS = {"event", "form", "member", "path", "salt", "stream", "subject", "value"}

def check_opened(files, events):
    """What is opened, by the position of the event."""
    by_position, opened = {event["position"]: event for event in events}, {}
    for row, line in rows_of(files, "opened.ndjson"):
        position, parts = row["position"], row["disclosures"]
        need(position in by_position, "opened.ndjson opens an event that is not in the pack")
        text = json.dumps({"disclosures": parts, "position": position}, ensure_ascii=False, separators=(",", ":"))
        need(line == text.encode() and position not in opened,
             f"opened.ndjson says more of event {position} than what it opens")
        for part in parts:
            need(set(part) == PARTS and part["form"] == "provledger-disclosure/v1", "a disclosure is of another form")
            log.check_disclosure(part, by_position[position])
            opened.setdefault(position, {})[part["member"]] = part["value"]
    return opened


# The report.

REPORTS = {
    "joiners": evidence_access.make_changes, "movers": evidence_access.make_changes,
    "leavers": evidence_access.make_changes, "access": evidence_access.make_access,
    "failures": evidence_records.make_failures, "erasures": evidence_records.make_erasures,
    "drift": evidence_records.make_drift, "operators": evidence_people.make_operators,
    "register": evidence_people.make_register,
}

def check_report(files, manifest, events, opened):
    report = parse(files["report.json"])
    need(manifest["report"] in REPORTS, "the pack holds a report that is not known")
    made = REPORTS[manifest["report"]](manifest, report, events, opened)
    evidence_form.check(files, manifest, report, made)
    return len(made.rows)

def main():
    parser = argparse.ArgumentParser(description="Check an evidence pack with none of the program's code.")
    parser.add_argument("--key", required=True)
    parser.add_argument("pack", type=pathlib.Path)
    options = parser.parse_args()
    files = unpack(options.pack.read_bytes())
    need(NAMES <= set(files), f"{min(NAMES - set(files), default='')} is missing")
    manifest = check_files(files)
    size, root = log.checkpoint(files["checkpoint"].decode(), options.key)
    need(files["vkey.txt"].decode() == f"{options.key.strip()}\n", "vkey.txt holds another key")
    need(manifest["log"] == {"origin": log.key(options.key)[0], "root": manifest["log"]["root"]}, "the log is another")
    part = check_part(files, manifest, size, root)
    events = check_events(files, part, size, root)
    check_names(files, manifest, events, part, size)
    opened = check_opened(files, events)
    print(f"{options.pack}: {len(events)} events are in the log of {size}, {len(opened)} of them opened in part")
    rows = check_report(files, manifest, events, opened)
    print(f"{options.pack}: the {rows} rows of the report {manifest['report']} follow from them")
    print(f"not compared, and for reading alone: {', '.join(left_to_read(files, manifest))}")
    if manifest["notOpened"]:
        print(f"proved but not opened: {', '.join(manifest['notOpened'])}")


try:
    main()
except KeyError as error:
    sys.exit(f"FAILED: {error} is missing")
except (log.Bad, OSError, ValueError, IndexError, TypeError, AttributeError, zlib.error) as error:
    sys.exit(f"FAILED: {error}")
