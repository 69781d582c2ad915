"""The forms of a report in an evidence pack, as the program writes them: JSON, CSV, page one.

verify-evidence.py holds what was made of a pack's events against them. Python's standard library alone.
"""
import datetime, importlib.util, json, pathlib, unicodedata

spec = importlib.util.spec_from_file_location("verify_log", pathlib.Path(__file__).with_name("verify-log.py"))
log = importlib.util.module_from_spec(spec)
spec.loader.exec_module(log)
need = log.need

# What nothing in a pack says but the report itself.
STATED = object()


def parse(data):
    """JSON in which no name stands twice in an object."""
    def unique(pairs):
        members = dict(pairs)
        need(len(members) == len(pairs), "a name stands twice in an object of JSON")
        return members

    def refuse(word):
        need(False, f"{word} is no JSON")
    return json.loads(data.decode(), object_pairs_hook=unique, parse_constant=refuse)

def whole(text):
    """A number as positions are written."""
    is_number = type(text) is str and text.isascii() and text.isdigit()
    need(is_number and str(int(text)) == text, f"{text!r} is no position")
    return int(text)

def instant(text):
    """Milliseconds since 1970."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment - datetime.datetime.fromtimestamp(0, datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)

def in_period(event, question):
    return instant(question["from"]) <= instant(event["time"]) < instant(question["to"])

def words(milliseconds):
    """A span as people read it."""
    seconds = milliseconds // 1000
    if seconds < 1:
        return f"{milliseconds} ms"
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    if seconds < 86_400:
        return f"{seconds // 3600} h {seconds % 3600 // 60} min"
    return f"{seconds // 86_400} d {seconds % 86_400 // 3600} h"

def percentile(values, percent):
    """The value that so many of a hundred do not exceed, in words."""
    values = sorted(values)
    return words(values[max(0, (len(values) * percent + 99) // 100 - 1)]) if values else "-"

def ranked(text):
    """What a text is put in order by."""
    return unicodedata.normalize("NFC", text)

def places(*events):
    """The events of a row, each once and in order."""
    return " ".join(map(str, sorted({int(event["position"]) for event in events if event})))

def counted(events):
    """A number of things by the events that they rest on, one each."""
    return str(len(events)), sorted(int(event["position"]) for event in events)


class Made:
    """A report as it was made of the events: rows of cells by their columns, numbers with the positions behind
    each, and what page one says beside what it says of every report."""

    def __init__(self, columns, rows, numbers, about=()):
        self.columns, self.numbers, self.about = columns.split(), numbers, dict(about)
        self.rows = [dict(zip(self.columns, cells, strict=True)) for cells in rows]

    def leave(self, row, *columns):
        """Leaves cells to the report."""
        self.rows[row].update({column: STATED for column in columns})


# CSV (RFC 4180) with nothing that steers a terminal, and no field that a spreadsheet would run.

STEERING = [range(0x20), range(0x7F, 0xA0), (0x61C, 0x200E, 0x200F), range(0x2028, 0x202F), range(0x2060, 0x2070),
            (0xFEFF,), range(0xFFF9, 0xFFFC), range(0xE0000, 0xE0080)]
STEERS = {chr(code): "\uFFFD" for codes in STEERING for code in codes if chr(code) not in "\t\r\n"}
OPERATORS, DIVIDERS = set("=+-@\uFF1D\uFF0B\uFF0D\uFF20"), set(";\t\r\n")

def field(text):
    clean = "".join(STEERS.get(sign, sign) for sign in text)
    harmless, may_begin = "", True
    for index, sign in enumerate(clean):
        if may_begin and sign in OPERATORS or index == 0 and sign in "\t\r\n":
            harmless += "'"
        harmless += sign
        may_begin = sign in DIVIDERS
    is_apart = " " in (harmless[:1], harmless[-1:])
    is_quoted = harmless != clean or is_apart or set(harmless) & (DIVIDERS | set(',"'))
    return '"' + harmless.replace('"', '""') + '"' if is_quoted else harmless

def csv(columns, rows):
    return "".join(",".join(map(field, cells)) + "\r\n" for cells in [columns, *rows]).encode()


# What was made against what is stated.

ABOUT = "question population complete rows zone asOf logOrigin logSize logRoot madeBy program".split()

def check_about(about, manifest, made):
    """Page one. What was asked, in which zone, by whom and among how many nothing else in a pack says."""
    asked, origin = manifest["parameters"], manifest["log"]["origin"]
    known = {
        "rows": str(len(made.rows)), "asOf": asked["asOf"], "logSize": asked["asOfPosition"], "logOrigin": origin,
        "logRoot": manifest["log"]["root"], "program": f"provledger {manifest['program']}",
        "complete": f"positions 1 to {asked['asOfPosition']} of the log without a gap, held by the root below;"
                    " `provledger verify` recomputes it",
    }
    need(list(about) == ABOUT + list(made.about) and all(type(value) is str for value in about.values()),
         "page one states other things than it does in this report")
    for name, value in (known | made.about).items():
        need(value is STATED or about[name] == value, f"page one states another {name} than the rest of the pack")

def check_numbers(report, made):
    counts, positions = report["counts"], report["positions"]
    need(list(counts) == list(positions) == list(made.numbers), "the report has other numbers than the events give")
    for name, (value, behind) in made.numbers.items():
        need(type(counts[name]) is str and (value is STATED or counts[name] == value),
             f"the number {name} does not follow from the events")
        stated = [whole(position) for position in positions[name]]
        need(behind is STATED or stated == list(behind), f"the events behind the number {name} are others")

def check_rows(rows, made):
    need(len(made.rows) == len(rows), "the report has other rows than the events give")
    for number, (mine, theirs) in enumerate(zip(made.rows, rows), 1):
        need(list(theirs) == made.columns, f"row {number} has other cells than this report has")
        for name, value in mine.items():
            shown = theirs[name]
            need(shown is None or type(shown) is str and shown, f"row {number}: {name} is neither text nor null")
            need(value is STATED or (shown or "") == value,
                 f"row {number}: {name} is {shown!r}, and the events say {value!r}")

def check(files, manifest, report, made):
    """Each form of a report that is not for reading alone."""
    need(list(report) == ["report", "about", "counts", "rows", "positions"], "report.json is of another form")
    need(report["report"] == manifest["report"], "report.json is another report than the manifest names")
    check_rows(report["rows"], made)
    check_numbers(report, made)
    check_about(report["about"], manifest, made)
    text = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
    need(files["report.json"] == f"{text}\n".encode(), "report.json is not written as the program writes it")
    need(log.compact(manifest["rows"]) == log.compact(len(made.rows)), "the manifest counts other rows")
    table = [[cell or "" for cell in row.values()] for row in report["rows"]]
    need(files["report.csv"] == csv(made.columns, table), "report.csv has other rows than report.json")
