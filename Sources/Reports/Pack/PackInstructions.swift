import JSON

/// How a pack is checked without our program.
enum PackInstructions {
  /// The page, as Markdown. `tools/verify-evidence.py` knows it by its digest.
  static let text = """
    # How to check this pack

    It holds a report and everything that it rests on. Nothing of it has to be believed, but for one thing: that the log's
    verifier key is the log's. Get the key another way than with this pack, and compare it with `vkey.txt`.

    ## With Python alone

    `verify-evidence.py`, the `evidence_*.py` beside it and `verify-log.py`, all in `tools` of ProvisioningLedger, need
    Python's standard library and nothing else; each is short enough to be read first.

        python3 verify-evidence.py --key "VERIFIER-KEY" PACK.zip

    ## With the program, anywhere, without the ledger

        provledger verify --bundle PACK.zip --key "VERIFIER-KEY"

    ## By hand

    1. `sha256sum` over each file gives what `manifest.json` says of it.
    2. `checkpoint` is a signed note (C2SP tlog-checkpoint): its text ends before the blank line; the signature is Ed25519.
    3. `growth.txt`, where it is there, proves that the log of the checkpoint begins with the part of the log that page one
       of the report states (RFC 9162, section 2.1.4).
    4. Each line of `events.ndjson` is an event's exact bytes. Its leaf is SHA-256 over a zero byte and the line without its
       end; `proofs/POSITION.tlog-proof` leads from there to the checkpoint's root (RFC 9162, section 2.1.3).
    5. `opened.ndjson` opens single members: SHA-256 over a zero byte and `["member","salt",value]` in canonical JSON (RFC
       8785) leads up `path` to `commit` in the event.
    6. The rows of `report.csv` are read off the events, as `report.schema.json` describes the columns.

    ## What it shows

    - Each event is in the log that the checkpoint states, at its position, unchanged.
    - Of each person who has a row, all events up to the report's moment are here, and so are those of every other stream
      that a row rests on, an operator's, TeamViewer's or a cycle's: the versions in each stream run from 1 without a gap.
      What is left out at the end of a stream, only the log itself shows.
    - The rows follow from these events, and so do the numbers unless a sample was drawn; then the drawn rows are the ones
      that the seed draws from all positions that `report.json` lists.
    - `report.html` shows what `report.json` says: the program makes it anew, unless a sample was drawn or another version
      made it, and says so then. The script leaves it to you, and `report.schema.json`.

    ## What it does not show

    - Who asked, what was asked in words, and how many people there were: page one states it, and `report.exported` in the log.
    - When somebody was erased behind the report's moment: the report states it, and `subject.erased` in the log.
    - That nobody else belongs into the report. For that take all entries of the log (`provledger log export`) and check
      them with `verify-log.py`.
    - What stays sealed: each event says more of a person than these rows need. What `manifest.json` lists under
      `notOpened` was sealed in a form that is opened whole or not at all; it is proved, and no name is read from it.

    """
}

extension ReportDocument {
  /// The JSON Schema (draft 2020-12) of the JSON form.
  var schema: JSONValue {
    func texts(_ names: [(String, String)], orNull: Bool = false) -> JSONValue {
      let type: JSONValue = orNull ? ["string", "null"] : "string"
      return [
        "additionalProperties": false,
        "properties": .object(
          JSONObject(present: names.map { ($0.0, ["description": .string($0.1), "type": type] as JSONValue) })),
        "required": .array(names.map { .string($0.0) }), "type": "object",
      ]
    }
    let positions: JSONValue = [
      "additionalProperties": ["items": ["pattern": "^[0-9]+$", "type": "string"], "type": "array"], "type": "object",
    ]
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "properties": [
        "about": texts(about.map { ($0.key, $0.name) }), "counts": texts(counts.map { ($0.key, $0.name) }),
        "positions": positions, "report": ["const": .string(name)],
        "rows": ["items": texts(columns.map { ($0.key, $0.name) }, orNull: true), "type": "array"],
      ],
      "required": ["report", "about", "counts", "rows"], "title": .string(title), "type": "object",
    ]
  }
}
