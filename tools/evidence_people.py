"""What people did with the ledger, and the register of everybody: made anew from the events of an evidence pack.

Python's standard library alone.
"""
from evidence_access import Account, WRITES, by_person, directory_of, is_in_order
from evidence_form import STATED, Made, counted, in_period, need, places, ranked, whole
from evidence_records import by_stream, is_closed, names_of, question_of

# What people did. Action, status and reason of each event; what is not here the program does on its way.

DEEDS = {
    "backup.proved": lambda data: ("proveBackup", "success", ""),
    "configuration.applied": lambda data: ("configure", "success", ""),
    "cycle.started": lambda data: ("import", "pending", data["source"]),
    "data.viewed": lambda data: ("view", "success", data["name"]),
    "delivery.held": lambda data: ("hold", "warning", ""),
    "delivery.paused": lambda data: ("pause", "warning", ""),
    "delivery.resumed": lambda data: ("resume", "success", ""),
    "delivery.retried": lambda data: ("retry", "success", ""),
    "delivery.skipped": lambda data: ("skip", "skipped", ""),
    "erasure.refused": lambda data: ("erase", "failure", data["obstacle"]),
    "ledger.rebuilt": lambda data: (
        "drillRebuild" if data["drill"] else "rebuild",
        "failure" if not data["equal"] else "warning" if data["lost"] else "success", ""),
    "legal.hold.lifted": lambda data: ("liftLegalHold", "success", ""),
    "legal.hold.placed": lambda data: ("holdLegally", "success", ""),
    "log.key.rotated": lambda data: ("rotateKey", "success", "log"),
    "loss.accepted": lambda data: ("acceptLoss", "warning", ""),
    "master.key.rotated": lambda data: ("rotateKey", "success", "master"),
    "quarantine.left": lambda data: ("release", "success", data["how"]),
    "reconcile.requested": lambda data: ("reconcile", "pending", ""),
    "report.exported": lambda data: ("export", "success", data["name"]),
    "review.closed": lambda data: ("closeReview", "success", ""),
    "review.decided": lambda data: ("review", "success", data["decision"]),
    "review.refused": lambda data: ("review", "failure", "ownDeed"),
    "review.started": lambda data: ("startReview", "pending", ""),
    "safeguard.approved": lambda data: ("approve", "success", ""),
    "subject.erased": lambda data: ("erase", "success", data["reason"]),
    "target.resumed": lambda data: ("resume", "success", data["how"]),
}
DECISION = "provisioning.decided"
STATUS = {"skip": "skipped", "none": "skipped", "held": "warning"}
# Decisions that a person takes without a cycle.
PLANNED = ("Restored", "HandedOver", "Detached")

def outcome(event):
    data = event["data"]
    if event["type"] == DECISION:
        return data["action"], STATUS.get(data["action"], "pending"), data["reason"]
    return DEEDS[event["type"]](data)

def deeds_of(events):
    """What people did, each as its events: of a plan all decisions that belong together, of anything else one."""
    deeds, plans = [], {}
    for event in events:
        if not event["actor"].startswith(("operator:", "sign-in:", "token:")):
            continue
        if event["type"] in DEEDS:
            deeds.append([event])
        elif event["type"] == DECISION and event["data"]["reason"] in PLANNED:
            plan = event.get("correlation", event["position"])
            if plan not in plans:
                plans[plan] = []
                deeds.append(plans[plan])
            plans[plan].append(event)
    return deeds

def sentence(identity):
    """The human behind an operator, as far as that is opened."""
    if "login" not in identity or "host" not in identity:
        return ""
    login = identity["login"]
    before = identity.get("invoker", identity.get("loginName", login))
    through = "" if before == login else f", signed in as {before}"
    return f"{identity.get('name', login)} on {identity['host']}{through}"

def subject(event):
    kind, _, alias = event["stream"].partition("/")
    return alias if kind in ("user", "account", "operator") else ""

def said(deed, opened):
    """What an operator said, or of a plan with several actions how often each was decided."""
    actions = [outcome(event)[0] for event in deed]
    if len(set(actions)) > 1:
        return ", ".join(f"{actions.count(action)} {action}" for action in sorted(set(actions)))
    members = opened.get(deed[0]["position"], {}) if deed[0]["type"] != DECISION else {}
    return members.get("rationale" if deed[0]["type"] == "review.decided" else "reason", "")

def deed_row(deed, human, seen, opened):
    first = deed[0]
    def shared(values):
        values = set(values)
        return values.pop() if len(values) == 1 else ""
    kind, _, cycle = first["stream"].partition("/")
    return [
        first["time"], first["actor"], sentence(opened.get(human["position"], {})) if human else "",
        shared(outcome(event)[0] for event in deed) or "plan", shared(outcome(event)[1] for event in deed),
        shared(outcome(event)[2] for event in deed), names_of(seen, opened)[0], shared(map(subject, deed)),
        str(len(deed)) if first["type"] == DECISION else "", said(deed, opened),
        cycle if kind == "cycle" else first.get("correlation", ""), first["type"], first["position"],
    ]

def make_operators(manifest, report, events, opened):
    question = question_of(manifest)
    deeds = deeds_of([event for event in events if in_period(event, question)])
    seen = {alias: [event for event in theirs if event["type"] == "directory.user.observed"]
            for alias, theirs in by_stream(events)[0].items()}
    known = [event for event in events if event["type"] == "operator.seen"]
    rows, left = [], []
    for number, deed in enumerate(deeds):
        first = deed[0]
        of_actor = [event for event in known if event["data"]["actor"] == first["actor"]
                    and int(event["position"]) < int(first["position"])]
        human = of_actor[-1] if of_actor else None
        about = seen.get(subject(first)) if first["type"] != DECISION else None
        newest = about[-1] if about else None
        rows.append(deed_row(deed, human, newest, opened))
        left += [(number, column) for event, column in
                 ((human, "human"), (newest, "userPrincipalName"), (first, "words")) if is_closed(event, manifest)]
    firsts = [deed[0] for deed in deeds]
    def count(kinds): return counted([event for event in firsts if event["type"] in kinds])
    looks, exports = {"data.viewed"}, {"report.exported"}
    made = Made(
        "time actor human action status reason userPrincipalName alias people words correlation type positions", rows, {
            "deeds": counted(firsts), "looks": count(looks), "exports": count(exports),
            "acts": count(set(DEEDS) - looks - exports | {DECISION}),
            "actors": counted(list({event["actor"]: event for event in reversed(firsts)}.values())),
        })
    for number, column in left:
        made.leave(number, column)
    return made


# Everybody, event by event.

class Standing:
    def __init__(self):
        self.first = self.last = self.erasure = None
        self.count = 0
        self.forget()

    def forget(self):
        self.account, self.seen, self.user, self.hold = Account(), None, {}, None
        self.decided, self.desired, self.wanted, self.completed = None, None, 0, 0
        self.unanswered = self.parked = self.abandoned = self.frozen = self.skipped = False

    def erase(self, event):
        """The first erasure counts."""
        if not self.erasure:
            self.forget()
            self.erasure = event

    def reopen(self):
        self.completed = min(self.completed, self.wanted - 1) if self.wanted else self.completed

    def take(self, event, members):
        self.first, self.last, self.count = self.first or event, event, self.count + 1
        data = event["data"]
        self.account.take(event, members)
        match event["type"]:
            case "directory.user.observed":
                self.seen, self.user = event, members if "id" in members and not self.erasure else {}
            case "provisioning.decided": self.decide(event, members.get("desired"))
            case "account.linked": self.unanswered = False
            case "account.unlinked":
                self.unanswered = False
                if data["reason"] == "restarted":
                    self.reopen()
            case "scim.call.started": self.unanswered = True
            case "scim.call.finished":
                if data["purpose"] in WRITES and data["outcome"] != "unknown" \
                        or data["purpose"] == "readBack" and data["outcome"] in ("done", "notFound"):
                    self.unanswered = False
            case "delivery.completed":
                self.completed = max(self.completed, int(data["decision"]))
                self.parked = self.abandoned = False
            case "delivery.parked": self.parked, self.abandoned = True, False
            case "delivery.abandoned": self.parked, self.abandoned = False, True
            case "delivery.held": self.frozen = True
            case "delivery.skipped": self.skipped, self.parked, self.abandoned = True, False, False
            case "delivery.retried": self.parked = self.abandoned = self.frozen = self.skipped = False
            case "drift.detected" if data["repair"]: self.reopen()
            case "legal.hold.placed" | "legal.hold.lifted":
                self.hold = event if event["type"] == "legal.hold.placed" else None
            case "subject.erased": self.erase(event)

    def decide(self, event, desired):
        data = event["data"]
        is_removal = data["action"] == "disable" and data["reason"] == "AccessReviewed"
        if data.get("change") is True if self.erasure else desired != self.desired or is_removal:
            self.wanted = int(event["position"])
            self.parked = self.abandoned = self.skipped = False
        self.decided, self.desired = event, desired

    @property
    def is_pending(self):
        return self.unanswered or self.desired is not None and self.completed < self.wanted

    @property
    def is_active(self):
        shown = self.account.shown
        return bool(shown and shown["active"] and self.account.drift != "missing")

    @property
    def is_present(self):
        data = self.seen["data"] if self.seen else {}
        return data.get("state") == "present" and data.get("source") is not None

    @property
    def status(self):
        action, desired, shown = self.decided and self.decided["data"]["action"], self.desired, self.account.shown
        differs = self.account.drift or shown and shown["active"] != desired["active"] if desired else False
        order = [
            (self.erasure, "erased"), (action == "held", "held"), (self.skipped and self.is_pending, "skipped"),
            (self.frozen, "onHold"), (self.abandoned, "abandoned"), (self.parked, "parked"),
            (self.is_pending, "pending"), (differs, "drifted"), (action == "skip", "skipped"),
        ]
        wanted = "skipped" if desired is None else "active" if desired["active"] else "disabled"
        return next((word for is_so, word in order if is_so), wanted)

    def row(self, alias):
        user, shown, ends = self.user.get("attributes", {}), self.account.shown, (self.hold, self.erasure)
        return [
            user.get("userPrincipalName", ""), user.get("displayName", ""), alias, self.user.get("id", ""),
            (self.seen["data"].get("source") or "") if self.seen else "",
            "" if self.erasure else directory_of(self.seen, user, bool(self.user)), self.status,
            shown["id"] if shown else "", self.first["time"], self.last["time"], str(self.count),
            *(event["time"] if event else "" for event in ends), self.erasure["data"]["reason"] if self.erasure else "",
            places(self.first, self.last, *ends),
        ]

REGISTER = ("userPrincipalName displayName alias objectId source directory status accountId firstAt lastAt events"
            " heldAt erasedAt erasureReason positions")
KEPT = {
    "keptOfTeamViewer": "the account's id, address, name, and whether it is active; calls and their answers",
    "ends": "sealed under a key of the person's own; `provledger erase` destroys it, and the events stay",
}

def later_erasures(report, manifest, end):
    """The erasures behind the report's moment, as the rows of those people state them: no event says when."""
    erasures = {}
    for row in report["rows"]:
        if row["alias"] in manifest["erased"]:
            position = whole((row["positions"] or "").split(" ")[-1])
            time, reason = row["erasedAt"], row["erasureReason"]
            need(position > end and time and reason, "the report does not say when somebody was erased")
            erasures[row["alias"]] = {"position": str(position), "time": time, "data": {"reason": reason}}
    return erasures

def standing_of(events, opened, later):
    """Somebody as all their events leave them. Of whoever was erased, then or later, nothing counts from the first
    event on but what stands in clear."""
    standing = Standing()
    erasure = next((event for event in events if event["type"] == "subject.erased"), later)
    if erasure:
        standing.erase(erasure)
    for event in events:
        standing.take(event, opened.get(event["position"], {}))
    return standing

def make_register(manifest, report, events, opened):
    later = later_erasures(report, manifest, int(question_of(manifest)["asOfPosition"]))
    standings = {alias: standing_of(theirs, opened, later.get(alias)) for alias, theirs in by_person(events).items()}
    order = [row["alias"] for row in report["rows"]]
    need(len(order) == len(standings) and set(order) == set(standings),
         "the report has other rows than the events give")
    closed = {event["subject"] for event in events if is_closed(event, manifest)}
    left = [STATED] * len(REGISTER.split())
    rows = [left if alias in closed else standings[alias].row(alias) for alias in order]
    need(closed or is_in_order(rows), "the rows are in another order")
    everybody = [standings[alias] for alias in order]
    def count(is_in): return counted([standing.first for standing in everybody if is_in(standing)])
    numbers = {
        "people": count(lambda standing: True),
        "present": count(lambda standing: not standing.erasure and standing.is_present),
        "gone": count(lambda standing: not standing.erasure and not standing.is_present),
        "accounts": count(lambda standing: standing.is_active), "held": count(lambda standing: standing.hold),
        "erased": count(lambda standing: standing.erasure),
    }
    # Of somebody of whom an event stays closed nobody knows how they stand.
    numbers = {name: (STATED, STATED) if closed else number for name, number in numbers.items()}
    names = sorted({name for standing in everybody for name in standing.user.get("attributes", {})}, key=ranked)
    kept = {"keptOfDirectory": STATED if closed else ", ".join(["object id", *names])} | KEPT
    return Made(REGISTER, rows, numbers, kept)
