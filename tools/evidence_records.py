"""Failures, erasures and drift: made anew from the events of an evidence pack. Python's standard library alone."""
from evidence_access import WRITES
from evidence_form import Made, counted, in_period, instant, need, percentile, places, words

def question_of(manifest):
    names = {"asOf", "asOfPosition", "from", "to"}
    need(set(manifest["parameters"]) == names, "the manifest puts no question that is known")
    return manifest["parameters"]

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

def names_of(seen, opened):
    """The names that an observation shows, as far as it is opened."""
    user = opened.get(seen["position"], {}).get("attributes", {}) if seen else {}
    return [user.get("userPrincipalName", ""), user.get("displayName", "")]

def is_closed(event, manifest):
    return bool(event) and event["position"] in manifest["notOpened"]


# What went wrong.

class Failure:
    def __init__(self, what, event, word, seen=None, decided=None, count=1, status="open"):
        self.what, self.first, self.last, self.word, self.seen = what, event, event, word, seen
        self.decided, self.count, self.status, self.ended = decided, count, status, None
        self.of_write = status == "open"

    def __getitem__(self, name): return self.first[name]

    def end(self, event, status): self.ended, self.status = event, status

    def span(self, moment):
        return instant(self.ended["time"] if self.ended else moment) - instant(self["time"])

def deliveries_of(events, known):
    """What went wrong with one person, from all their events; `known` are the observations that show somebody."""
    failures, seen, decided = [], None, None
    for event in events:
        data, kind = event["data"], event["type"].split(".", 1)[1]
        last = failures[-1] if failures and not failures[-1].ended else None
        ends = {"completed": "resolved", "skipped": "skipped", "erased": "erased"}
        word = None
        match event["type"]:
            case "directory.user.observed" if event["position"] in known: seen = event
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
            failures.append(Failure("delivery", event, word, seen, decided, status=kind))
    return failures

def outages_of(events):
    failures = []
    for event in events:
        data = event["data"]
        match event["type"]:
            case "circuit.opened":
                failures.append(Failure("outage", event, data["error"], count=data["faults"]))
            case "target.unreachable":
                # Further faults of the newest outage, told together.
                whole = [failure for failure in failures if failure.what == "outage" and failure["time"] <= data["first"]]
                if whole:
                    whole[-1].count += data["count"]
                    whole[-1].word, whole[-1].last = data["error"], {**event, "time": data["last"]}
            case "quarantine.entered": failures.append(Failure("quarantine", event, data["reason"]))
            case "circuit.closed" | "quarantine.left":
                what = "outage" if event["type"] == "circuit.closed" else "quarantine"
                still = [failure for failure in failures if failure.what == what and not failure.ended]
                if still:
                    still[-1].end(event, "resolved")
    return failures

FAILURES = ("what userPrincipalName displayName alias action error status decidedAt failedAt lastFailedAt failures"
            " endedAt endedBy duration milliseconds positions")

def failure_row(failure, moment, opened):
    points = [failure.decided, failure.first, failure.last, failure.ended]
    time = [point["time"] if point else "" for point in points]
    return [
        failure.what, *names_of(failure.seen, opened), failure["subject"] if failure.what == "delivery" else "",
        failure.decided["data"]["action"] if failure.decided else "", failure.word, failure.status, *time[:3],
        str(failure.count), time[3], failure.ended["actor"] if failure.ended else "", words(failure.span(moment)),
        str(failure.span(moment)), places(*points),
    ]

def failure_numbers(failures, moment):
    def count(is_in): return counted([failure for failure in failures if is_in(failure)])
    resolved = [failure.span(moment) for failure in failures if failure.status == "resolved"]
    oldest = next((failure for failure in failures if not failure.ended), None)
    return {
        "failures": counted(failures), "deliveries": count(lambda failure: failure.what == "delivery"),
        "outages": count(lambda failure: failure.what != "delivery"),
        "resolved": count(lambda failure: failure.status == "resolved"),
        "ended": count(lambda failure: failure.ended and failure.status != "resolved"),
        "open": count(lambda failure: not failure.ended), "parked": count(lambda failure: failure.status == "parked"),
        "abandoned": count(lambda failure: failure.status == "abandoned"),
        "median": (percentile(resolved, 50), count(lambda failure: failure.status == "resolved")[1]),
        "oldest": (oldest["time"], [int(oldest["position"])]) if oldest else ("-", []),
    }

def make_failures(manifest, report, events, opened):
    question, known = question_of(manifest), set(opened) | set(manifest["notOpened"])
    people, others = by_stream(events)
    failures = [failure for theirs in people.values() for failure in deliveries_of(theirs, known)]
    failures = sorted((failure for failure in failures + outages_of(others) if in_period(failure, question)),
                      key=lambda failure: int(failure["position"]))
    moment = question["asOf"]
    made = Made(FAILURES, [failure_row(failure, moment, opened) for failure in failures],
                failure_numbers(failures, moment))
    for number, failure in enumerate(failures):
        if is_closed(failure.seen, manifest):
            made.leave(number, "userPrincipalName", "displayName")
    return made


# Erasures and holds.

ERASURES = {"subject.erased": "erased", "erasure.refused": "refused", "legal.hold.placed": "hold placed",
            "legal.hold.lifted": "hold lifted"}

def erasure_row(event, opened):
    data, kind = event["data"], event["type"]
    is_erasure = kind == "subject.erased"
    forced = [f"{word} (overridden)" for word in data.get("forced", "").split()]
    return [
        event["time"], ERASURES[kind], event["subject"],
        "operator" if event["stream"].startswith("operator/") else "person",
        data.get("reason") or opened.get(event["position"], {}).get("reason") or "",
        ", ".join(forced) if is_erasure else data.get("obstacle", ""), str(data["events"]) if is_erasure else "",
        str(data["calls"]) if is_erasure else "", event["actor"], event["position"],
    ]

def hold_of(events):
    """The hold under which the events of one person leave them; None where there is none."""
    hold, is_erased = None, False
    for event in events:
        if event["type"] in ("legal.hold.placed", "legal.hold.lifted"):
            hold = event if event["type"] == "legal.hold.placed" else None
        elif event["type"] == "subject.erased" and not is_erased:
            hold, is_erased = None, True
    return hold

def make_erasures(manifest, report, events, opened):
    question = question_of(manifest)
    found = [event for event in events if event["type"] in ERASURES and in_period(event, question)]
    erased = [event for event in found if event["type"] == "subject.erased"]
    def count(kind): return counted([event for event in found if event["type"] == kind])
    made = Made(
        "time what alias kind reason obstacle events calls actor positions",
        [erasure_row(event, opened) for event in found], {
            "erased": counted(erased), "forced": counted([event for event in erased if "forced" in event["data"]]),
            "operators": counted([event for event in erased if event["stream"].startswith("operator/")]),
            "refused": count("erasure.refused"), "placed": count("legal.hold.placed"),
            "lifted": count("legal.hold.lifted"),
            "held": counted([hold for hold in map(hold_of, by_stream(events)[0].values()) if hold]),
            "events": (str(sum(event["data"]["events"] for event in erased)), counted(erased)[1]),
        })
    for number, event in enumerate(found):
        if is_closed(event, manifest):
            made.leave(number, "reason")
    return made


# What was changed at TeamViewer by others.

class Drift:
    def __init__(self, event, seen):
        self.event, self.seen, self.ended, self.how = event, seen, None, "still so"

    def __getitem__(self, name): return self.event[name]

def drifts_of(events, known):
    """What comparisons found of one person, from all their events in order."""
    found, seen, drift, is_erased = [], None, None, False
    for event in events:
        match event["type"]:
            case "directory.user.observed":
                seen = event if event["position"] in known and not is_erased else None
            case "drift.detected": drift = event["data"]["kind"]
            case "delivery.completed": drift = None
            case "subject.erased" if not is_erased: seen, drift, is_erased = None, None, True
        is_found = event["type"] == "drift.detected"
        if found and not found[-1].ended and (is_found or drift is None):
            found[-1].ended = event
            found[-1].how = "other difference" if is_found else "erased" if is_erased else "as wanted"
        if is_found:
            found.append(Drift(event, seen))
    return found

def drift_row(drift, moment, opened):
    account, ended = opened.get(drift["position"], {}).get("account") or {}, drift.ended
    span = instant(ended["time"] if ended else moment) - instant(drift["time"])
    return [
        *names_of(drift.seen, opened), drift["subject"], drift["data"]["kind"],
        "repair" if drift["data"]["repair"] else "report", account.get("id", ""), drift["time"],
        ended["time"] if ended else "", drift.how, words(span), places(drift, ended),
    ]

def make_drift(manifest, report, events, opened):
    question, known = question_of(manifest), set(opened) | set(manifest["notOpened"])
    people, others = by_stream(events)
    found = (drift for theirs in people.values() for drift in drifts_of(theirs, known))
    drifts = sorted((drift for drift in found if in_period(drift, question)), key=lambda drift: int(drift["position"]))
    runs = [event for event in others if event["type"] == "reconcile.finished" and in_period(event, question)]
    def count(is_in): return counted([drift for drift in drifts if is_in(drift)])
    numbers = {
        "comparisons": counted(runs), "withheld": counted([run for run in runs if run["data"]["withheld"]]),
        "drift": counted(drifts),
    } | {
        kind: count(lambda drift: drift["data"]["kind"] == kind) for kind in ("missing", "extra", "changed", "disabled")
    } | {"repaired": count(lambda drift: drift["data"]["repair"]), "open": count(lambda drift: not drift.ended)}
    for name in ("accounts", "unmanaged") if runs else ():
        numbers[name] = str(runs[-1]["data"][name]), [int(runs[-1]["position"])]
    made = Made("userPrincipalName displayName alias kind policy accountId foundAt endedAt how duration positions",
                [drift_row(drift, question["asOf"], opened) for drift in drifts], numbers)
    for number, drift in enumerate(drifts):
        if is_closed(drift.seen, manifest):
            made.leave(number, "userPrincipalName", "displayName")
        if is_closed(drift.event, manifest):
            made.leave(number, "accountId")
    return made
