"""Joiners, movers and leavers, and who could sign in: made anew from the events of an evidence pack. Python's standard
library alone.
"""
import hashlib

from evidence_form import STATED, Made, counted, in_period, instant, need, percentile, places, ranked, whole, words

KINDS = {"create": "joiner", "enable": "joiner", "update": "mover", "disable": "leaver"}
WRITES = {"create", "change"}

def alias_of(event):
    """Whom an event is about; a failure where that is nobody."""
    kind, _, alias = event["stream"].partition("/")
    need(kind in ("user", "account") and alias, f"event {event['position']} is about nobody")
    return alias

def is_in_order(rows):
    """Whether rows that begin with a sign-in name, a name and an alias stand in the order of the first and the last."""
    return rows == sorted(rows, key=lambda cells: (ranked(cells[0]), cells[2]))

def by_person(events):
    people = {}
    for event in events:
        people.setdefault(alias_of(event), []).append(event)
    return people


# What happened to a person, change by change.

class Change:
    def __init__(self, event, observed, names, named, status):
        self.event, self.observed, self.names, self.named, self.status = event, observed, names, named, status
        self.kind = KINDS.get(event["data"]["action"], "leaver")
        self.sent = self.confirmed = self.verified = None

    def __getitem__(self, name):
        return self.event[name]

    @property
    def position(self):
        return int(self["position"])

    @property
    def ended(self):
        if self.status not in ("done", "noAccount"):
            return None
        return self.verified if self.kind == "leaver" else self.confirmed

    @property
    def took(self):
        return instant(self.ended["time"]) - instant(self.observed["time"]) if self.ended else None

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
            case "delivery.completed" if covered and last.status != "done":
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

# What somebody else answers for: a later decision, or an operator.
SET_ASIDE = ("superseded", "stopped")

def is_late(change, question):
    if change.status in SET_ASIDE:
        return False
    end = instant((change.ended or {"time": question["asOf"]})["time"])
    return end > instant(change.observed["time"]) + question["withinMilliseconds"]

CHANGE = ("userPrincipalName displayName alias action reason status observedAt decidedAt sentAt confirmedAt verifiedAt"
          " duration milliseconds breach positions")

def row(change, question, erased):
    points = [change.observed, change.event, change.sent, change.confirmed, change.verified]
    is_erased = change["subject"] in erased
    return [
        change.names.get("userPrincipalName", ""), change.names.get("displayName", ""), change["subject"],
        change["data"]["action"], change["data"]["reason"], change.status + (", erased since" if is_erased else ""),
        *(point["time"] if point else "" for point in points),
        "" if change.took is None else words(change.took), "" if change.took is None else str(change.took),
        "late" if is_late(change, question) else "", places(*points),
    ]

def numbers(changes, question, erased):
    ended = [change for change in changes if change.ended]
    def count(is_in): return counted([change for change in changes if is_in(change)])
    def span(percent): return percentile([change.took for change in ended], percent), counted(ended)[1]
    return {
        "changes": counted(changes), "done": counted(ended),
        "open": count(lambda change: not change.ended and change.status not in (*SET_ASIDE, "held")),
        "held": count(lambda change: change.status == "held"),
        "stopped": count(lambda change: change.status == "stopped"),
        "superseded": count(lambda change: change.status == "superseded"),
        "breaches": count(lambda change: is_late(change, question)),
        "erased": count(lambda change: change["subject"] in erased),
        "target": (f"within {words(question['withinMilliseconds'])}", []),
        "median": span(50), "p95": span(95), "worst": span(100),
    }

def make_changes(manifest, report, events, opened):
    question, erased = manifest["parameters"], set(manifest["erased"])
    names = {"asOf", "asOfPosition", "from", "kind", "to", "withinMilliseconds"}
    need(set(question) in (names, names | {"sample", "seed"}), "the manifest puts no question that is known")
    need(manifest["report"] == f"{question['kind']}s", "the manifest names another report than its question")
    changes = sorted(
        (change for theirs in by_person(events).values() for change in changes_of(theirs, opened)
         if change.kind == question["kind"] and in_period(change, question)), key=lambda change: change.position)
    made = numbers(changes, question, erased)
    shown = changes
    if "sample" in question:
        # The numbers of all changes cannot be made of some.
        made = {name: made[name] if name == "target" else (STATED, STATED) for name in made}
        drawn = [whole(position) for position in report["positions"]["changes"]]
        def rank(position): return hashlib.sha256(f"{question['seed']}:{position}".encode()).digest()
        drawn = sorted(drawn, key=rank)[:question["sample"]]
        shown = [change for change in changes if change.position in set(drawn)]
        need(len(shown) == len(drawn), "a change that is drawn is not among the events")
    found = Made(CHANGE, [row(change, question, erased) for change in shown], made)
    for number, change in enumerate(shown):
        if change.named in manifest["notOpened"] and change["subject"] not in erased:
            found.leave(number, "userPrincipalName", "displayName")
    return found


# The account as TeamViewer showed it, event by event.

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
                if data.get("linked", data["kind"] != "missing"):
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

def directory_of(seen, user, is_known):
    """How the directory holds somebody, by the newest observation and what is opened of it."""
    state = seen["data"]["state"] if seen else "absent"
    if state != "present":
        return state
    if seen["data"].get("source") is None:
        return "detached"
    return "enabled" if is_known and user.get("accountEnabled") is not False else "disabled"

ACCESS = ("userPrincipalName displayName alias accountId accountUserName activeSince directory wanted why positions")

def access_of(alias, events, opened):
    """Since when an account is active, and the cells of its row but for the sentence why; None where none is."""
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
    user = members.get("attributes", {})
    wanted = opened.get(decided["position"], {}).get("desired") if decided else None
    return since, [
        user.get("userPrincipalName", ""), user.get("displayName", ""), alias, account.shown["id"],
        account.shown["userName"], since["time"], directory_of(seen, user, bool(members)),
        "active" if wanted and wanted["active"] else "inactive", STATED if decided else "", places(since, decided),
    ]

def make_access(manifest, report, events, opened):
    need(set(manifest["parameters"]) == {"asOf", "asOfPosition"}, "the manifest puts no question that is known")
    people, rows, since, unwanted = by_person(events), [], [], []
    closed = {event["subject"] for event in events if event["position"] in manifest["notOpened"]}
    for cells in report["rows"]:
        alias = cells["alias"]
        need(alias in people, "the report has other rows than the events give")
        theirs = people.pop(alias)
        found = (None, [STATED] * len(ACCESS.split())) if alias in closed else access_of(alias, theirs, opened)
        need(found, f"{alias} could not sign in, by the events")
        since.append(found[0])
        unwanted += [found[0]] if found[1][7] == "inactive" else []
        rows.append(found[1])
    need(not people, "the report has other rows than the events give")
    # Who was erased since is not here, and of somebody of whom an event stays closed not since when.
    made = {"active": counted(since), "unwanted": counted(unwanted)} if not closed else \
        {"active": (str(len(rows)), STATED), "unwanted": (STATED, STATED)}
    need(closed or is_in_order(rows), "the rows are in another order")
    return Made(ACCESS, rows, made | {"erased": (STATED, STATED)})
