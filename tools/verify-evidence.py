#!/usr/bin/env python3
"""Checks an evidence pack of ProvisioningLedger with none of its code: Python's standard library alone.

verify-evidence.py --key VKEY PACK.zip

Needs verify-log.py beside it, and checks: each file against the manifest, the checkpoint's Ed25519 signature, that the
log grew from the report's part to the checkpoint's, that each event is the log's, that no event of a person's is left
out, what is opened of them; and it makes the report's rows and numbers anew from the events and compares each. Ends
with 0 when all of it holds and 1 when something does not.
"""
import argparse, base64, csv, datetime, hashlib, importlib.util, io, json, math, pathlib, sys, zipfile

spec = importlib.util.spec_from_file_location("verify_log", pathlib.Path(__file__).with_name("verify-log.py"))
log = importlib.util.module_from_spec(spec)
spec.loader.exec_module(log)
need = log.need


# The proofs.

def check_files(files, manifest):
    need(manifest["form"] == "provledger-evidence/1", "the pack is of no form that is known")
    rows = {row["name"]: row for row in manifest["files"]}
    need(set(files) == set(rows) | {"manifest.json"}, "the manifest names other files than the pack has")
    for name, row in rows.items():
        need(hashlib.sha256(files[name]).hexdigest() == row["sha256"], f"{name} is not as the manifest names it")

def check_part(files, manifest, size, root):
    """The report's part of the log is where the checkpoint's log begins."""
    part, part_root = int(manifest["parameters"]["asOfPosition"]), bytes.fromhex(manifest["log"]["root"])
    need(1 <= part <= size, "the report is about more of the log than the checkpoint covers")
    if part == size:
        need(part_root == root, "the report states another root than the checkpoint")
        return part
    head, _, note = files["growth.txt"].decode().partition("\n\n")
    lines = head.split("\n")
    need(note == files["checkpoint"].decode() and lines[0] == f"old {part}", "growth.txt is about something else")
    log.check_growth(part, size, [base64.b64decode(line) for line in lines[1:]], part_root, root)
    return part

def check_events(files, part, size, root):
    """Each event is the log's, and of each stream there are all from the first on."""
    events, versions, last = [], {}, 0
    for line in files["events.ndjson"].split(b"\n")[:-1]:
        event = json.loads(line)
        position = int(event["position"])
        need(last < position <= part, f"event {position} is out of order, or not in the report's part of the log")
        head, _, note = files[f"proofs/{position}.tlog-proof"].decode().partition("\n\n")
        lines = head.split("\n")
        need(note == files["checkpoint"].decode() and lines[0] == "c2sp.org/tlog-proof@v1"
             and lines[1] == f"index {position - 1}", f"the proof of event {position} is of something else")
        path = [base64.b64decode(line) for line in lines[2:]]
        log.check_inclusion(position - 1, size, log.leaf(line), path, root)
        version = versions.get(event["stream"], 0) + 1
        need(int(event["version"]) == version, f"an event of {event['stream']} before event {position} is left out")
        versions[event["stream"]], last = version, position
        events.append(event)
    return events

def check_opened(files, events):
    """What is opened, by the position of the event."""
    by_position, opened = {event["position"]: event for event in events}, {}
    for line in files["opened.ndjson"].split(b"\n")[:-1]:
        row = json.loads(line)
        for part in row["disclosures"]:
            log.check_disclosure(part, by_position[row["position"]])
            opened.setdefault(row["position"], {})[part["member"]] = part["value"]
    return opened


# The report, made anew: what happened to a person, change by change.

KINDS = {"create": "joiner", "enable": "joiner", "update": "mover", "disable": "leaver"}
WRITES = {"create", "change"}

class Change:
    def __init__(self, event, observed, names, named, status):
        self.event, self.observed, self.names, self.named, self.status = event, observed, names, named, status
        self.kind = KINDS.get(event["data"]["action"], "leaver")
        self.sent = self.confirmed = self.verified = None

    @property
    def position(self):
        return int(self.event["position"])

    @property
    def ended(self):
        if self.status not in ("done", "noAccount"):
            return None
        return self.verified if self.kind == "leaver" else self.confirmed

# A reviewer's decision, and the return to a former state: nothing that the directory showed.
ORDERED = ("AccessReviewed", "Restored")
# The events that name a decision by its position.
CARRIERS = ("scim.call.started", "delivery.completed", "delivery.parked", "delivery.abandoned", "delivery.skipped")

def begin(decided, held, seen):
    """Where that begins which a decision carries out, and the same with its order where the safeguard holds it. What is
    ordered begins with itself; what is held begins where it was held first, whatever the directory shows meanwhile."""
    action, reason = decided["data"]["action"], decided["data"]["reason"]
    order = reason if reason in ORDERED else None
    first = decided if order else seen or decided
    if held and held[1] == order and action in ("held", "disable", "create"):
        first = held[0]
    return first, (first, order) if action == "held" else None

def is_wanted(data, before):
    """Whether an active account is wanted, by what a decision says in clear: what is left as it was says nothing new."""
    match data["action"]:
        case "create" | "enable": return True
        case "update": return before or data["reason"] != "Restored"
        case "disable": return False
        case "skip": return before and not data.get("change")
        case _: return before

def changes_of(events, opened):
    """The changes of one person, from all their events in order, and behind them the leaving that the safeguard holds at
    the end. Whom it holds of whom no active account was wanted is new. What becomes of a delivery while an operator holds
    the person is the operator's."""
    changes, seen, names, named, held, carried = [], None, {}, None, None, 0
    waiting, wanted, frozen = None, False, False
    for event in events:
        data, last = event["data"], changes[-1] if changes else None
        is_open = last and last.status in ("pending", "parked", "abandoned", "stopped")
        covered = last and event["type"] in CARRIERS and last.position <= int(data["decision"])
        match event["type"]:
            case "directory.user.observed":
                seen, names = event, opened.get(event["position"], {}).get("attributes", {})
                named = event["position"]
            case "provisioning.decided":
                begun, held = begin(event, held, seen)
                wanted = is_wanted(data, wanted)
                if data["action"] != "held" or not wanted:
                    waiting = None
                elif not waiting or waiting.observed is not begun:
                    waiting = Change(event, begun, names, named, "held")
                if data["action"] in KINDS:
                    if is_open:
                        last.status = "superseded"
                    changes.append(Change(event, begun, names, named, "stopped" if frozen else "pending"))
            case "scim.call.started":
                carried = int(data["decision"])
                if covered and not last.sent:
                    last.sent = event
            case "scim.call.finished":
                # An answer confirms what its write carried, and nothing that was decided after that.
                is_answer = data["outcome"] == "done" and data["purpose"] in WRITES
                if is_answer and is_open and last.position <= carried and not last.confirmed:
                    last.confirmed = event
            case "account.verified":
                if last and last.kind == "leaver" and not last.verified and last.status != "superseded":
                    last.verified = event
                    if last.status == "confirmed":
                        last.status = "done"
            case "delivery.completed" if covered:
                last.confirmed = last.confirmed or event
                if data["how"] in ("noAccount", "moved"):
                    last.verified, last.status = last.verified or event, "noAccount"
                else:
                    last.status = "confirmed" if last.kind == "leaver" and not last.verified else "done"
            case "delivery.parked" if covered:
                last.status = "stopped" if frozen else "parked"
            case "delivery.abandoned" if covered:
                last.status = "stopped" if frozen else "abandoned"
            case "delivery.skipped" if covered:
                last.status = "stopped"
            case "delivery.held" | "delivery.retried":
                frozen = event["type"] == "delivery.held"
                if is_open:
                    last.status = "stopped" if frozen else "pending"
    return changes + ([waiting] if waiting else [])

def instant(text):
    """Milliseconds since 1970."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment - datetime.datetime.fromtimestamp(0, datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)

# What somebody else answers for: a later decision, or an operator.
SET_ASIDE = ("superseded", "stopped")

def is_late(change, question):
    if change.status in SET_ASIDE:
        return False
    end = instant((change.ended or {"time": question["asOf"]})["time"])
    return end > instant(change.observed["time"]) + question["withinMilliseconds"]

def took(change):
    return instant(change.ended["time"]) - instant(change.observed["time"]) if change.ended else None

def row(change, question, erased):
    """The cells that a row has to have; how a span is put in words is the report's own."""
    points = [change.observed, change.event, change.sent, change.confirmed, change.verified]
    time = [point["time"] if point else "" for point in points]
    positions = sorted({int(point["position"]) for point in points if point})
    is_erased = change.event["subject"] in erased
    return {
        "userPrincipalName": change.names.get("userPrincipalName", ""),
        "displayName": change.names.get("displayName", ""), "alias": change.event["subject"],
        "action": change.event["data"]["action"], "reason": change.event["data"]["reason"],
        "status": change.status + (", erased since" if is_erased else ""),
        "observedAt": time[0], "decidedAt": time[1], "sentAt": time[2], "confirmedAt": time[3], "verifiedAt": time[4],
        "milliseconds": "" if took(change) is None else str(took(change)),
        "breach": "late" if is_late(change, question) else "", "positions": " ".join(map(str, positions)),
    }

def numbers(changes, question, erased):
    return {
        "changes": len(changes), "done": sum(bool(change.ended) for change in changes),
        "open": sum(not change.ended and change.status not in (*SET_ASIDE, "held") for change in changes),
        "held": sum(change.status == "held" for change in changes),
        "stopped": sum(change.status == "stopped" for change in changes),
        "superseded": sum(change.status == "superseded" for change in changes),
        "breaches": sum(is_late(change, question) for change in changes),
        "erased": sum(change.event["subject"] in erased for change in changes),
    }

def letters(rows):
    """Rows without the signs by which CSV keeps a spreadsheet from running a cell, and what no terminal would show."""
    return [{name: "".join(filter(str.isalnum, value)) for name, value in cells.items()} for cells in rows]

def check_changes(files, manifest, events, opened):
    question, erased = manifest["parameters"], set(manifest["erased"])
    report = json.loads(files["report.json"])
    people = {}
    for event in events:
        people.setdefault(event["stream"].split("/", 1)[1], []).append(event)
    first, end = instant(question["from"]), instant(question["to"])
    changes = sorted(
        (change for theirs in people.values() for change in changes_of(theirs, opened)
         if change.kind == question["kind"] and first <= instant(change.event["time"]) < end),
        key=lambda change: change.position)
    drawn = [int(position) for position in report["positions"]["changes"]]
    if "sample" in question:
        def rank(position): return hashlib.sha256(f"{question['seed']}:{position}".encode()).digest()
        drawn = sorted(drawn, key=rank)[:question["sample"]]
    else:
        need(len(changes) == len(drawn), "the events hold another number of changes than the report")
        for name, count in numbers(changes, question, erased).items():
            need(report["counts"][name] == str(count), f"the number {name} does not follow from the events")
    expected = [row(change, question, erased) for change in changes if change.position in set(drawn)]
    stated = [{name: value or "" for name, value in cells.items()} for cells in report["rows"]]
    need(len(expected) == len(stated) == len(drawn), "the report has other rows than the events give")
    unnamed = {change.position for change in changes if change.named in manifest["notOpened"]}
    for number, (mine, theirs) in enumerate(zip(expected, stated), 1):
        if theirs["positions"] and unnamed & set(map(int, theirs["positions"].split())):
            del mine["userPrincipalName"], mine["displayName"]
        for name, value in mine.items():
            need(theirs[name] == value, f"row {number}: {name} is {theirs[name]!r}, and the events say {value!r}")
    return stated


# The same for those who could sign in: the account as TeamViewer showed it, event by event.

def folded(text): return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)

class Account:
    def __init__(self):
        self.shown = self.asked = self.call = self.drift = self.wanted = None

    def show(self, account):
        if not self.shown or not account or account["id"] != self.shown["id"]:
            return
        if folded(self.shown["userName"]) != folded(account["userName"]):
            self.asked = None
        self.shown = dict(account)
        self.ask(self.asked)

    def ask(self, address):
        if address is not None:
            seen = self.shown and folded(self.shown["userName"]) == folded(address)
            self.asked = None if seen else address

    def take(self, event, members):
        data, account = event["data"], members.get("account")
        match event["type"]:
            case "provisioning.decided": self.wanted = members.get("desired")
            case "account.linked": self.shown, self.asked, self.call = account and dict(account), None, None
            case "account.unlinked": self.shown = self.asked = self.call = None
            case "scim.call.started": self.call = members
            case "scim.call.finished": self.answer(data, account)
            case "account.verified" if data["gone"]: self.shown = self.asked = None
            case "account.verified": self.show(account)
            case "delivery.parked" if data["reason"] == "InvalidAnchor": self.shown = self.asked = None
            case "drift.detected":
                self.drift = data["kind"]
                if account and self.shown and folded(account["userName"]) != folded(self.shown["userName"]):
                    self.asked = None
                if data["linked"]:
                    self.show(account)
                else:
                    self.shown = self.asked = None
            case "delivery.completed": self.complete(data["how"])

    def answer(self, data, account):
        purpose, outcome = data["purpose"], data["outcome"]
        if purpose in WRITES and outcome != "unknown":
            address = self.call.get("userName") if self.call else None
            self.call = None
            if purpose == "change" and outcome == "done":
                self.show(account)
                self.ask(address)
        elif purpose == "readBack" and outcome in ("done", "notFound"):
            self.call = None
        if purpose in ("readBack", "verify") and outcome == "done":
            self.show(account)

    def complete(self, how):
        if self.drift and how == "alreadySo" and self.wanted and self.shown:
            self.shown["active"] = self.wanted["active"]
            if self.wanted["active"]:
                self.shown["displayName"] = self.wanted["displayName"]
                self.shown["userName"] = self.wanted["userName"] if self.asked is None else self.shown["userName"]
        self.drift = None
        if how == "moved":
            self.shown = self.asked = None

def access_of(events, opened):
    """The cells that the row of one person has to have, but for the sentence why; None where nobody could sign in."""
    account, seen, decided, since = Account(), None, None, None
    for event in events:
        account.take(event, opened.get(event["position"], {}))
        if event["type"] == "directory.user.observed":
            seen = event
        elif event["type"] == "provisioning.decided":
            decided = event
        active = account.shown and account.shown["active"] and account.drift != "missing"
        since = (since or event) if active else None
    if since is None:
        return None
    members = opened.get(seen["position"], {}) if seen else {}
    user, state = members.get("attributes", {}), seen["data"]["state"] if seen else "absent"
    if state == "present":
        enabled = bool(members) and user.get("accountEnabled") is not False
        state = "detached" if seen["data"].get("source") is None else "enabled" if enabled else "disabled"
    wanted = opened.get(decided["position"], {}).get("desired") if decided else None
    positions = sorted({int(event["position"]) for event in (since, decided) if event})
    return {
        "userPrincipalName": user.get("userPrincipalName", ""), "displayName": user.get("displayName", ""),
        "accountId": account.shown["id"], "accountUserName": account.shown["userName"], "activeSince": since["time"],
        "directory": state,
        "wanted": "active" if wanted and wanted["active"] else "inactive", "positions": " ".join(map(str, positions)),
    }

def check_access(files, manifest, events, opened):
    report, people = json.loads(files["report.json"]), {}
    for event in events:
        people.setdefault(event["stream"].split("/", 1)[1], []).append(event)
    closed = {event["subject"] for event in events if event["position"] in manifest["notOpened"]}
    expected = {alias: access_of(theirs, opened) for alias, theirs in people.items() if alias not in closed}
    stated = [{name: value or "" for name, value in cells.items()} for cells in report["rows"]]
    need(len(stated) == len(people) and {cells["alias"] for cells in stated} == set(people)
         and None not in expected.values(), "the report has other rows than the events give")
    for cells in stated:
        for name, value in expected.get(cells["alias"], {}).items():
            need(cells[name] == value, f"{cells['alias']}: {name} is {cells[name]!r}, and the events say {value!r}")
    need(report["counts"]["active"] == str(len(stated)), "the number active does not follow from the events")
    unwanted = sum(cells["wanted"] == "inactive" for cells in stated)
    need(report["counts"]["unwanted"] == str(unwanted), "the number unwanted does not follow from the events")
    return stated


# The same for what went wrong, and for erasures and holds.

def in_period(event, question):
    return instant(question["from"]) <= instant(event["time"]) < instant(question["to"])

class Failure:
    def __init__(self, what, event, word, names=None, named=None, decided=None, count=1, status="open"):
        self.what, self.first, self.last, self.word, self.names = what, event, event, word, names or {}
        self.named, self.decided, self.count, self.status, self.ended = named, decided, count, status, None
        self.of_write = status == "open"

    def end(self, event, status): self.ended, self.status = event, status

def deliveries_of(events, opened):
    """What went wrong with one person, from all their events in order."""
    failures, names, named, decided = [], {}, None, None
    for event in events:
        data, kind = event["data"], event["type"].split(".", 1)[1]
        last = failures[-1] if failures and not failures[-1].ended else None
        ends = {"completed": "resolved", "skipped": "skipped", "erased": "erased"}
        word = None
        match event["type"]:
            case "directory.user.observed":
                if event["position"] in opened:
                    names, named = opened[event["position"]].get("attributes", {}), event["position"]
            case "provisioning.decided" if data["action"] not in ("skip", "held", "none"):
                if last:
                    last.end(event, "superseded")
                decided = event
            case "scim.call.finished":
                if data["purpose"] in WRITES and data["outcome"] in ("refused", "failed", "unknown", "notFound") \
                        and data.get("error") != "not-sent":
                    status = f"HTTP {data['status']}" if "status" in data else ""
                    word, kind = data.get("error", status), "open"
            case "delivery.parked" | "delivery.abandoned": word = data["reason"]
            case "delivery.held" | "delivery.retried" if last:
                last.status = "onHold" if kind == "held" else "open"
            case "delivery.skipped" | "delivery.completed" | "subject.erased" if last:
                last.end(event, ends[kind])
        if word is None:
            continue
        if last:
            # A write that failed and the parking that it leads to are one attempt.
            last.count += 1 if kind == "open" or not last.of_write else 0
            last.word, last.last, last.status, last.of_write = word, event, kind, kind == "open"
        else:
            failures.append(Failure("delivery", event, word, names, named, decided, status=kind))
    return failures

def outages_of(events):
    failures = []
    for event in events:
        data = event["data"]
        match event["type"]:
            case "circuit.opened":
                failures.append(Failure("outage", event, data["error"], count=data["faults"]))
            case "quarantine.entered": failures.append(Failure("quarantine", event, data["reason"]))
            case "circuit.closed" | "quarantine.left":
                what = "outage" if event["type"] == "circuit.closed" else "quarantine"
                still = [failure for failure in failures if failure.what == what and not failure.ended]
                if still:
                    still[-1].end(event, "resolved")
    return failures

def failure_row(failure, question):
    points = [failure.decided, failure.first, failure.last, failure.ended]
    time = [point["time"] if point else "" for point in points]
    span = instant(time[3] or question["asOf"]) - instant(time[1])
    return {
        "what": failure.what, "userPrincipalName": failure.names.get("userPrincipalName", ""),
        "displayName": failure.names.get("displayName", ""),
        "alias": failure.first["subject"] if failure.what == "delivery" else "",
        "action": failure.decided["data"]["action"] if failure.decided else "", "error": failure.word,
        "status": failure.status, "decidedAt": time[0], "failedAt": time[1], "lastFailedAt": time[2],
        "failures": str(failure.count), "endedAt": time[3], "endedBy": failure.ended["actor"] if failure.ended else "",
        "milliseconds": str(span), "positions": " ".join(map(str, sorted({int(p["position"]) for p in points if p}))),
    }

def compare_rows(expected, stated, closed, columns):
    """Cells as the events give them; those of closed rows that would be read off what is not opened are left as they are."""
    need(len(expected) == len(stated), "the report has other rows than the events give")
    for number, (mine, theirs) in enumerate(zip(expected, stated), 1):
        for name, value in mine.items():
            if number - 1 in closed and name in columns:
                continue
            need(theirs[name] == value, f"row {number}: {name} is {theirs[name]!r}, and the events say {value!r}")

def compare_counts(report, counts):
    for name, count in counts.items():
        need(report["counts"][name] == str(count), f"the number {name} does not follow from the events")

def by_stream(events):
    """Events of people by their alias, and those of everything else."""
    people, others = {}, []
    for event in events:
        kind, _, alias = event["stream"].partition("/")
        if kind in ("user", "account"):
            people.setdefault(alias, []).append(event)
        else:
            others.append(event)
    return people, others

def check_failures(files, manifest, events, opened):
    question, report = manifest["parameters"], json.loads(files["report.json"])
    people, others = by_stream(events)
    failures = [failure for theirs in people.values() for failure in deliveries_of(theirs, opened)]
    failures = sorted((failure for failure in failures + outages_of(others) if in_period(failure.first, question)),
                      key=lambda failure: int(failure.first["position"]))
    stated = [{name: value or "" for name, value in cells.items()} for cells in report["rows"]]
    unnamed = {number for number, failure in enumerate(failures)
               if any(event["position"] in manifest["notOpened"] for event in people.get(failure.first["subject"], []))
               } if manifest["notOpened"] else set()
    compare_rows([failure_row(failure, question) for failure in failures], stated, unnamed,
                 ("userPrincipalName", "displayName"))
    status = [failure.status for failure in failures]
    is_open = [not failure.ended for failure in failures]
    compare_counts(report, {
        "failures": len(failures), "deliveries": sum(failure.what == "delivery" for failure in failures),
        "outages": sum(failure.what != "delivery" for failure in failures), "resolved": status.count("resolved"),
        "ended": sum(bool(failure.ended) and failure.status != "resolved" for failure in failures),
        "open": sum(is_open), "parked": status.count("parked"), "abandoned": status.count("abandoned"),
    })
    return stated

ERASURES = {"subject.erased": "erased", "erasure.refused": "refused", "legal.hold.placed": "hold placed",
            "legal.hold.lifted": "hold lifted"}

def erasure_row(event, opened):
    data, kind = event["data"], event["type"]
    is_erasure = kind == "subject.erased"
    forced = [f"{word} (overridden)" for word in data.get("forced", "").split()]
    return {
        "time": event["time"], "what": ERASURES[kind], "alias": event["subject"],
        "kind": "operator" if event["stream"].startswith("operator/") else "person",
        "reason": data.get("reason") or opened.get(event["position"], {}).get("reason") or "",
        "obstacle": ", ".join(forced) if is_erasure else data.get("obstacle", ""),
        "events": str(data["events"]) if is_erasure else "", "calls": str(data["calls"]) if is_erasure else "",
        "actor": event["actor"], "positions": event["position"],
    }

def held_of(events):
    """Whether the events of one person leave them under a legal hold."""
    held = False
    for event in events:
        if event["type"] in ("legal.hold.placed", "legal.hold.lifted", "subject.erased"):
            held = event["type"] == "legal.hold.placed"
    return held

def check_erasures(files, manifest, events, opened):
    question, report = manifest["parameters"], json.loads(files["report.json"])
    found = [event for event in events if event["type"] in ERASURES and in_period(event, question)]
    stated = [{name: value or "" for name, value in cells.items()} for cells in report["rows"]]
    closed = {number for number, event in enumerate(found) if event["position"] in manifest["notOpened"]}
    compare_rows([erasure_row(event, opened) for event in found], stated, closed, ("reason",))
    erased = [event for event in found if event["type"] == "subject.erased"]
    kinds = [ERASURES[event["type"]] for event in found]
    compare_counts(report, {
        "erased": len(erased), "forced": sum("forced" in event["data"] for event in erased),
        "operators": sum(event["stream"].startswith("operator/") for event in erased),
        "refused": kinds.count("refused"), "placed": kinds.count("hold placed"), "lifted": kinds.count("hold lifted"),
        "held": sum(map(held_of, by_stream(events)[0].values())),
        "events": sum(event["data"]["events"] for event in erased),
    })
    return stated

CHECKS = {"access": check_access, "failures": check_failures, "erasures": check_erasures}

def check_report(files, manifest, events, opened):
    check = CHECKS.get(manifest["report"], check_changes)
    need(manifest["report"] in CHECKS or manifest["report"] == f"{manifest['parameters'].get('kind')}s",
         "the manifest names another report than its question")
    stated = check(files, manifest, events, opened)
    table = list(csv.DictReader(io.StringIO(files["report.csv"].decode(), newline="")))
    need(letters(table) == letters(stated), "report.csv has other rows than report.json")
    return len(stated)

def main():
    parser = argparse.ArgumentParser(description="Check an evidence pack with none of the program's code.")
    parser.add_argument("--key", required=True)
    parser.add_argument("pack", type=pathlib.Path)
    options = parser.parse_args()
    with zipfile.ZipFile(options.pack) as archive:
        need(sum(entry.file_size for entry in archive.infolist()) <= 2**30, "the pack is larger than one GiB")
        files = {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    manifest = json.loads(files["manifest.json"])
    check_files(files, manifest)
    size, root = log.checkpoint(files["checkpoint"].decode(), options.key)
    need(files["vkey.txt"].decode().strip() == options.key.strip(), "vkey.txt holds another key")
    part = check_part(files, manifest, size, root)
    events = check_events(files, part, size, root)
    opened = check_opened(files, events)
    print(f"{options.pack}: {len(events)} events are in the log of {size}, {len(opened)} of them opened in part")
    rows = check_report(files, manifest, events, opened)
    print(f"{options.pack}: the {rows} rows of the report {manifest['report']} follow from them")
    if manifest["notOpened"]:
        print(f"proved but not opened: {', '.join(manifest['notOpened'])}")


try:
    main()
except (log.Bad, OSError, ValueError, IndexError, KeyError, zipfile.BadZipFile) as error:
    sys.exit(f"FAILED: {error}")
