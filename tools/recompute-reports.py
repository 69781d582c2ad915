#!/usr/bin/env python3
"""Recomputes two reports from the events alone, with none of the program's code: Python's standard library alone.

recompute-reports.py EVENTS [--access MOMENT REPORT]... [--leavers FROM TO MOMENT SECONDS REPORT]...

EVENTS is an export in clear, an entry a line, in which opened members stand in the place of what is sealed, and null
where a person was erased. REPORT is the CSV that `provledger report access --as-of MOMENT --format csv` wrote, or
`report leavers --from FROM --to TO --as-of MOMENT --within SECONDSs`. Moments are instants such as 2026-11-01T00:00:00Z.
Every column is recomputed but `why`, which is a sentence for the reason. Ends with 0 when every row agrees, and 1 when
one does not.
"""
import argparse, csv, datetime, json, pathlib, re, sys

HEADS = {
    "access": "userPrincipalName displayName alias accountId accountUserName activeSince directory wanted positions",
    "leavers": "userPrincipalName displayName alias action reason status observedAt decidedAt sentAt confirmedAt"
               " verifiedAt duration milliseconds breach positions",
}


def instant(text):
    """Milliseconds since 1970 of an instant in UTC."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(moment.timestamp() * 1000)


class Event:
    """One entry."""

    def __init__(self, line):
        entry = json.loads(line)
        self.position, self.time = int(entry["position"]), entry["time"]
        self.type, self.stream, self.data = entry["type"], entry["stream"], entry.get("data") or {}
        kind, _, self.alias = self.stream.partition("/")
        self.is_about_person = kind in ("user", "account")
        self.sealed = self.data.get("sealed") or {}
        self.moment = instant(self.time)

    def __getitem__(self, name): return self.data.get(name)


class Log:
    """All events, and those of each person."""

    def __init__(self, path):
        self.people, self.erased, self.moments = {}, set(), []
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                event = Event(line)
                self.moments.append((event.moment, event.position))
                if event.is_about_person:
                    self.people.setdefault(event.alias, []).append(event)
                    if event.type == "subject.erased":
                        self.erased.add(event.alias)
        # Whoever was erased at any time is erased at every time.
        for alias in self.erased:
            for event in self.people[alias]:
                event.sealed = {}

    def last(self, moment):
        """The position of the last event that was recorded by a moment."""
        return max((position for time, position in self.moments if time <= moment), default=0)

    def until(self, alias, end): return [event for event in self.people[alias] if event.position <= end]


def folded(text): return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


class Account:
    """The account at TeamViewer as the log knows it."""

    def __init__(self):
        self.shown = self.asked = self.open = self.drift = self.wanted = None

    def unlink(self): self.shown = self.asked = None

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

    def take(self, event):
        account = event.sealed.get("account")
        kind = event.type
        if kind == "provisioning.decided":
            self.wanted = event.sealed.get("desired")
        elif kind == "account.linked":
            self.shown, self.asked, self.open = account and dict(account), None, None
        elif kind == "account.unlinked":
            self.unlink()
            self.open = None
        elif kind == "scim.call.started":
            self.open = event
        elif kind == "scim.call.finished":
            self.answer(event, account)
        elif kind == "account.verified":
            self.unlink() if event["gone"] else self.show(account)
        elif kind == "delivery.parked" and event["reason"] == "InvalidAnchor":
            self.unlink()
        elif kind == "drift.detected":
            self.drift = event["kind"]
            if account and self.shown and folded(account["userName"]) != folded(self.shown["userName"]):
                self.asked = None
            self.show(account) if event["linked"] else self.unlink()
        elif kind == "delivery.completed":
            self.complete(event["how"])
        elif kind == "subject.erased":
            self.__init__()

    def answer(self, event, account):
        purpose, outcome = event["purpose"], event["outcome"]
        if purpose in ("create", "change") and outcome != "unknown":
            address = self.open.sealed.get("userName") if self.open else None
            self.open = None
            if purpose == "change" and outcome == "done":
                self.show(account)
                self.ask(address)
        elif purpose == "readBack" and outcome in ("done", "notFound"):
            self.open = None
            if outcome == "done":
                self.show(account)
        elif purpose == "verify" and outcome == "done":
            self.show(account)

    def complete(self, how):
        if self.drift and how == "alreadySo" and self.wanted and self.shown:
            self.shown["active"] = self.wanted["active"]
            if self.wanted["active"]:
                self.shown["displayName"] = self.wanted["displayName"]
                if self.asked is None:
                    self.shown["userName"] = self.wanted["userName"]
        self.drift = None
        if how == "moved":
            self.unlink()


def numbers(*events): return " ".join(str(p) for p in sorted({event.position for event in events if event}))


def access(log, moment):
    """Who could sign in at a moment."""
    end, rows = log.last(moment), []
    for alias in log.people:
        account, user, state, source, decision, since = Account(), None, "absent", None, None, None
        for event in log.until(alias, end):
            account.take(event)
            if event.type == "directory.user.observed":
                user = event.sealed.get("attributes", {}) if event.sealed.get("id") else None
                state, source = event["state"], event["source"]
            elif event.type == "provisioning.decided":
                decision = event
            active = bool(account.shown and account.shown["active"] and account.drift != "missing")
            since = (since or event) if active else None
        if since is None:
            continue
        if state == "present":
            enabled = user is not None and user.get("accountEnabled") is not False
            state = "detached" if source is None else "enabled" if enabled else "disabled"
        user = user or {}
        wanted = decision.sealed.get("desired") if decision else None
        rows.append([
            user.get("userPrincipalName", ""), user.get("displayName", ""), alias, account.shown["id"],
            account.shown["userName"], since.time, state,
            "active" if wanted and wanted["active"] else "inactive", numbers(since, decision)])
    return sorted(rows, key=lambda row: (row[0], row[2]))


KINDS = {"create": "joiner", "enable": "joiner", "update": "mover", "disable": "leaver"}


class Change:
    """One change of somebody's access, from the observation to its end."""

    def __init__(self, observed, decided, user, status):
        self.observed, self.decided, self.user, self.status = observed, decided, user, status
        self.kind = KINDS.get(decided["action"], "leaver")
        self.sent = self.confirmed = self.verified = None

    def is_open(self): return self.status in ("pending", "parked", "abandoned", "stopped")

    def ended(self):
        if self.status not in ("done", "noAccount"):
            return None
        return self.verified if self.kind == "leaver" else self.confirmed

    def complete(self, event):
        if self.status == "done":
            return
        self.confirmed = self.confirmed or event
        if event["how"] in ("noAccount", "moved"):
            self.verified, self.status = self.verified or event, "noAccount"
        else:
            self.status = "confirmed" if self.kind == "leaver" and not self.verified else "done"


# A reviewer's decision, and the return to a former state: nothing that the directory showed.
ORDERED = ("AccessReviewed", "Restored")
# The events that name a decision by its position.
CARRIERS = ("scim.call.started", "delivery.completed", "delivery.parked", "delivery.abandoned", "delivery.skipped")


def begin(decided, held, observed):
    """Where that begins which a decision carries out, and the same with its order where the safeguard holds it. What is
    ordered begins with itself; what is held begins where it was held first, whatever the directory shows meanwhile."""
    order = decided["reason"] if decided["reason"] in ORDERED else None
    first = decided if order else observed or decided
    if held and held[1] == order and decided["action"] in ("held", "disable", "create"):
        first = held[0]
    return first, (first, order) if decided["action"] == "held" else None


def wanted(decided, before):
    """Whether an active account is wanted, by what a decision says in clear: what is left as it was says nothing new."""
    action = decided["action"]
    if action == "update":
        return before or decided["reason"] != "Restored"
    if action == "skip":
        return before and not decided["change"]
    return before if action in ("held", "none") else action != "disable"


def changes(events):
    """Every change of one person, in order, and behind them the leaving that the safeguard holds at the end. Whom it holds
    of whom no active account was wanted is new. What happens while an operator holds the person is the operator's."""
    found, observed, user, held, begun, carried = [], None, {}, None, None, 0
    waiting, is_wanted, is_frozen = None, False, False
    for event in events:
        newest = found[-1] if found else None
        kind = event.type
        named = int(event["decision"]) if kind in CARRIERS else 0
        covers = newest and newest.decided.position <= named
        carried = named if kind == "scim.call.started" else carried
        if kind == "provisioning.decided":
            begun, held = begin(event, held, observed)
            is_wanted = wanted(event, is_wanted)
            if event["action"] != "held" or not is_wanted:
                waiting = None
            elif not waiting or waiting.observed is not begun:
                waiting = Change(begun, event, user, "held")
        elif kind in ("delivery.held", "delivery.retried"):
            is_frozen = kind == "delivery.held"
        if kind == "directory.user.observed":
            observed = event
            user = event.sealed.get("attributes", {}) if event.sealed.get("id") else user
        elif kind == "provisioning.decided" and event["action"] in KINDS:
            if newest and newest.is_open():
                newest.status = "superseded"
            found.append(Change(begun, event, user, "stopped" if is_frozen else "pending"))
        elif newest is None:
            continue
        elif kind == "scim.call.started" and covers:
            newest.sent = newest.sent or event
        elif kind == "scim.call.finished" and event["outcome"] == "done" and event["purpose"] in ("create", "change"):
            # An answer confirms what its write carried, and nothing that was decided after that.
            if newest.is_open() and newest.decided.position <= carried:
                newest.confirmed = newest.confirmed or event
        elif kind == "account.verified":
            if newest.kind == "leaver" and not newest.verified and newest.status != "superseded":
                newest.verified = event
                newest.status = "done" if newest.status == "confirmed" else newest.status
        elif kind == "delivery.completed" and covers:
            newest.complete(event)
        elif kind in ("delivery.parked", "delivery.abandoned", "delivery.skipped") and covers:
            newest.status = "stopped" if is_frozen or kind == "delivery.skipped" else kind.split(".")[1]
        elif kind in ("delivery.held", "delivery.retried") and newest.is_open():
            newest.status = "stopped" if is_frozen else "pending"
    return found + ([waiting] if waiting else [])


def words(milliseconds):
    seconds = milliseconds // 1000
    if seconds < 1: return f"{milliseconds} ms"
    if seconds < 60: return f"{seconds} s"
    if seconds < 3600: return f"{seconds // 60} min {seconds % 60} s"
    if seconds < 86400: return f"{seconds // 3600} h {seconds % 3600 // 60} min"
    return f"{seconds // 86400} d {seconds % 86400 // 3600} h"


def leavers(log, start, stop, moment, limit):
    """Who lost access by decisions of a period, half-open, as far as was recorded by a moment."""
    end, rows = log.last(moment), []
    for alias in log.people:
        for change in changes(log.until(alias, end)):
            if change.kind != "leaver" or not start <= change.decided.moment < stop:
                continue
            points = [change.observed, change.decided, change.sent, change.confirmed, change.verified]
            ended, begun = change.ended(), change.observed.moment
            span = ended.moment - begun if ended else None
            is_judged = change.status not in ("superseded", "stopped")
            late = is_judged and (ended.moment if ended else moment) > begun + limit * 1000
            rows.append((change.decided.position, [
                change.user.get("userPrincipalName", ""), change.user.get("displayName", ""), alias,
                change.decided["action"], change.decided["reason"],
                change.status + (", erased since" if alias in log.erased else "")]
                + [point.time if point else "" for point in points]
                + ["" if span is None else words(span), "" if span is None else str(span), "late" if late else "",
                   numbers(*points)]))
    return [row for _, row in sorted(rows)]


def steers(char):
    """Whether a character steers rather than shows: but for tabs and ends of lines the report has U+FFFD in its place."""
    code = ord(char)
    ranges = ((0, 0x20), (0x7F, 0xA0), (0x200E, 0x2010), (0x2028, 0x202F), (0x2060, 0x2070), (0xFFF9, 0xFFFC),
              (0xE0000, 0xE0080))
    return char not in "\t\r\n" and (code in (0x061C, 0xFEFF) or any(first <= code < end for first, end in ranges))


def shown(text): return "".join("\uFFFD" if steers(char) else char for char in text)


def neutral(text): return re.sub(r"(^|[\t;\r\n])'(?=[=+\-@\t\r\n])", r"\1", text)


def agrees(name, rows, path):
    """Compares rows with a report's; what a spreadsheet would run stands behind a quote in the file."""
    heads = HEADS[name].split()
    with open(path, encoding="utf-8", newline="") as file:
        table = [[row[head] for head in heads] for row in csv.DictReader(file)]
    for number, (mine, theirs) in enumerate(zip(rows, table), 1):
        for head, one, other in zip(heads, mine, theirs):
            if neutral(other) != neutral(shown(one)):
                print(f"{path}, row {number}: {head} is {other!r}, and by the events it is {one!r}", file=sys.stderr)
                return False
    if len(rows) != len(table):
        print(f"{path} has {len(table)} rows, and by the events it has {len(rows)}", file=sys.stderr)
        return False
    print(f"{path}: {len(rows)} rows agree")
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("events", type=pathlib.Path)
    parser.add_argument("--access", nargs=2, action="append", default=[])
    parser.add_argument("--leavers", nargs=5, action="append", default=[])
    options = parser.parse_args()
    log = Log(options.events)
    results = [agrees("access", access(log, instant(moment)), path) for moment, path in options.access]
    for start, stop, moment, limit, path in options.leavers:
        rows = leavers(log, instant(start), instant(stop), instant(moment), int(limit))
        results.append(agrees("leavers", rows, path))
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
