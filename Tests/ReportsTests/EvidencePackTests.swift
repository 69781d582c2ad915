import Base
import EventLog
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@testable import Reports

@Suite("Evidence packs")
struct EvidencePackTests {
  private typealias Name = EvidencePack.Name

  private let place: TestLedger
  private let ledger: OpenLedger
  private let start: Timestamp

  init() throws {
    place = try TestLedger()
    start = place.clock.moment
    ledger = try place.open()
  }

  private func take(_ names: String...) async throws {
    let path = try place.write("export.csv", Export.csv(names.map { Exported($0, name: "Name of \($0)") }))
    _ = try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
    try ledger.views.catchUp()
    place.clock.advance(.seconds(60))
  }

  /// Four people come, and one of them leaves.
  private func live() async throws {
    try await take("p1", "p2", "p3", "p4")
    try await take("p1", "p2", "p3")
  }

  private func report(
    _ kind: AccessChange.Kind, at moment: Timestamp? = nil, sample: Sample? = nil
  ) throws -> AccessChangeReport {
    let now = place.clock.moment
    let query = ReportQuery(
      period: start..<now, asOf: try AsOf(moment ?? now, in: ledger), zone: "UTC", words: "a test",
      actor: .operator("olga"), version: "0")
    return AccessChangeReport(kind, query, limit: .seconds(5), sample: sample)
  }

  private func pack(_ report: AccessChangeReport) async throws -> EvidencePack {
    try EvidencePack(try report.packed(of: ledger), of: ledger, under: try await ledger.checkpoint())
  }

  private func proved(_ pack: EvidencePack) throws -> ProvedPack {
    try ProvedPack(try pack.archive(), named: "pack.zip", keys: [try ledger.verifierKey()], program: "0")
  }

  private func json(_ pack: EvidencePack, _ name: String) throws -> JSONValue {
    try JSONParser.parse(try #require(pack.files[name]))
  }

  /// What is said of a pack that somebody changed who knows how to write a manifest.
  private func refusal(_ pack: EvidencePack, _ change: (inout [String: String]) throws -> Void) throws -> String {
    var texts = pack.files.mapValues { String(decoding: $0, as: UTF8.self) }
    let manifest = try json(pack, Name.manifest).object ?? JSONObject()
    texts[Name.manifest] = nil
    try change(&texts)
    let changed = EvidencePack(texts.mapValues { Array($0.utf8) }, manifest: manifest)
    return fault { _ = try proved(changed) }?.sentence ?? "it holds"
  }

  @Test("it holds, for whoever has nothing but the key, and the same question gives the same bytes")
  func holds() async throws {
    try await live()
    let joiners = try proved(try await pack(try report(.joiner)))
    #expect(joiners.rows == 4 && joiners.opened == 4 && joiners.report == "joiners" && joiners.notOpened.isEmpty)
    let leavers = try report(.leaver)
    let checkpoint = try await ledger.checkpoint()
    let first = try EvidencePack(try leavers.packed(of: ledger), of: ledger, under: checkpoint)
    try await take("p1")
    let again = try EvidencePack(try leavers.packed(of: ledger), of: ledger, under: checkpoint)
    #expect(try first.archive() == again.archive())
    #expect(try proved(again).rows == 1)
    let later = try proved(try await pack(leavers))
    #expect(later.checkpoint.size > later.size && later.rows == 1)
  }

  @Test("leavers whom the safeguard holds follow from the events, too")
  func held() async throws {
    try await live()
    try await take("p1")
    let pack = try await pack(try report(.leaver))
    #expect(try proved(pack).rows == 3)
    let csv = String(decoding: pack.files[Name.csv] ?? [], as: UTF8.self)
    #expect(csv.matches(of: /,held,SafeguardTripped,held,/).count == 2)
  }

  @Test("it opens what the rows need, and of nobody else anything")
  func sparing() async throws {
    try await live()
    let files = try await pack(try report(.leaver)).files
    let all = files.values.map { String(decoding: $0, as: UTF8.self) }.joined()
    #expect(all.contains("p4@example.com"))
    for name in ["p1@", "p2@", "p3@"] { #expect(!all.contains(name), "\(name)") }
    let opened = String(decoding: files[Name.opened] ?? [], as: UTF8.self)
    #expect(opened.contains(#""member":"attributes""#) && !opened.contains(#""member":"id""#))
  }

  @Test("whoever changes it and writes the manifest anew is found out by the log, the rows or the numbers")
  func changed() async throws {
    try await live()
    let whole = try await pack(try report(.joiner))
    #expect(try refusal(whole) { _ in } == "it holds")
    func refused(_ change: (inout [String: String]) throws -> Void, because words: String) throws {
      let refusal = try refusal(whole, change)
      #expect(refusal.contains(words), "\(refusal)")
    }
    func replace(_ name: String, _ text: String, by other: String) -> (inout [String: String]) throws -> Void {
      {
        #expect($0[name]?.contains(text) == true)
        $0[name] = $0[name]?.replacing(text, with: other)
      }
    }
    try refused(replace(Name.events, "NewInScope", by: "NewInScopf"), because: "is not the log's")
    try refused(replace(Name.csv, "p2@example.com", by: "p5@example.com"), because: "do not follow from the events")
    try refused(replace(Name.csv, "pending", by: "done"), because: "do not follow from the events")
    try refused(replace(Name.json, #""changes":"4""#, by: #""changes":"5""#), because: "numbers of report.json")
    try refused(replace(Name.opened, "Name of p1", by: "Name of p9"), because: "does not lead to what event")
    try refused(replace(Name.checkpoint, "example.test/ledger\n", by: "example.test/other\n"), because: "signature")
    try refused({ $0["proofs/3.tlog-proof"] = $0["proofs/4.tlog-proof"] }, because: "event 3 is not the log's")
    try refused({ $0["more.txt"] = "" }, because: "more.txt belongs to no pack")
    try refused(
      { files in
        var lines = (files[Name.events] ?? "").split(separator: "\n")
        lines.remove(at: lines.firstIndex { $0.contains("directory.user.observed") } ?? 0)
        files[Name.events] = lines.map { $0 + "\n" }.joined()
      }, because: "is left out")
  }

  @Test("whatever is shown beside the rows is made anew, too: the page, the JSON form, page one, how to check it")
  func shown() async throws {
    try await live()
    let pack = try await pack(try report(.joiner))
    func refused(_ file: String, _ old: String, _ new: String, because why: String) throws {
      let said = try refusal(pack) { files in
        let text = try #require(files[file])
        try #require(text.contains(old), "\(file)")
        files[file] = text.replacing(old, with: new)
      }
      #expect(said.contains(why), "\(file): \(said)")
    }
    try refused(Name.page, "Joiners", "Nobody", because: "report.html shows something else")
    try refused(Name.json, "create", "enable", because: "report.json says something else")
    try refused(Name.json, "\"logSize\":\"", "\"logSize\":\"9", because: "states another logSize")
    try refused(Name.instructions, "sha256sum", "sum", because: "VERIFY.txt is not the one")
    try refused(Name.schema, "Joiners", "Anybody", because: "report.schema.json is not the one")
    try refused(Name.key, "+", "-", because: "vkey.txt holds another key")
    var manifest = try #require(try json(pack, Name.manifest).object)
    manifest["report"] = "movers"
    let renamed = EvidencePack(pack.files.filter { $0.key != Name.manifest }, manifest: manifest)
    #expect(fault { _ = try proved(renamed) }?.sentence.contains("names another report") == true)
    let foreign = try ProvedPack(
      try pack.archive(), named: "pack.zip", keys: [try ledger.verifierKey()], program: "another")
    #expect(!foreign.hasPage && foreign.lines.contains { $0.hasPrefix("not compared: ") })
    #expect(try proved(pack).hasPage)
  }

  @Test("a file that the manifest does not name as it is, is found")
  func files() async throws {
    try await live()
    var files = try await pack(try report(.joiner)).files
    let key = try ledger.verifierKey()
    func refusal() -> String? {
      fault { _ = try ProvedPack(try ZipArchive.bytes(of: files), named: "pack.zip", keys: [key], program: "0") }?
        .sentence
    }
    files["more.txt"] = []
    #expect(refusal()?.contains("more.txt is not in the manifest") == true)
    files["more.txt"] = nil
    files[Name.page]?.append(0x20)
    #expect(refusal()?.contains("report.html is not as the manifest names it") == true)
    files[Name.page] = nil
    #expect(refusal()?.contains("report.html is missing") == true)
    files = ["a": []]
    #expect(refusal()?.contains("is no evidence pack") == true)
  }

  @Test("nothing is passed over: a line, the end of one, more in a proof, behind the key or in the manifest")
  func junk() async throws {
    try await live()
    let whole = try await pack(try report(.joiner))
    func refused(_ file: String, _ change: (String) -> String, because words: String) throws {
      let refusal = try refusal(whole) { $0[file] = change($0[file] ?? "") }
      #expect(refusal.contains(words), "\(file): \(refusal)")
    }
    try refused(Name.events, { $0 + "junk\n" }, because: "of events.ndjson is no event")
    try refused(Name.events, { "\n" + $0 }, because: "line 1 of events.ndjson is no event")
    try refused(Name.events, { String($0.dropLast()) }, because: "the last line of events.ndjson has no end")
    try refused(Name.opened, { $0 + "\n" }, because: "opens an event that is not in the pack")
    let more = #""more":1,"position""#
    try refused(Name.opened, { $0.replacing(#""position""#, with: more) }, because: "says more of event")
    try refused(Name.key, { $0 + "\n" }, because: "vkey.txt holds another key")
    let extra = "extra eA==\nindex"
    try refused("proofs/3.tlog-proof", { $0.replacing("index", with: extra) }, because: "event 3 is not the log's")
    var manifest = try #require(try json(whole, Name.manifest).object)
    manifest["more"] = "1"
    let longer = EvidencePack(whole.files.filter { $0.key != Name.manifest }, manifest: manifest)
    let said = fault { _ = try proved(longer) }?.sentence
    #expect(said?.contains("the manifest is not written as this program writes it") == true)
  }

  @Test("another key does not do")
  func otherKey() async throws {
    try await live()
    let archive = try await pack(try report(.joiner)).archive()
    let other = try TestLedger()
    let stranger = try other.open().verifierKey()
    #expect(
      fault { _ = try ProvedPack(archive, named: "pack.zip", keys: [stranger], program: "0") }?.code == .noteUnsigned)
  }

  @Test("of a sample the drawn rows are shown, and have to be the drawn ones")
  func sampled() async throws {
    try await live()
    let pack = try await pack(try report(.joiner, sample: Sample(count: 2, seed: "7")))
    #expect(try proved(pack).rows == 2)
    var manifest = try #require(try json(pack, Name.manifest).object)
    var parameters = try #require(manifest["parameters"]?.object)
    var wrong = 0
    for seed in 1...6 where seed != 7 {
      parameters["seed"] = .string(String(seed))
      manifest["parameters"] = .object(parameters)
      let other = EvidencePack(pack.files.filter { $0.key != Name.manifest }, manifest: manifest)
      if fault({ _ = try proved(other) }) != nil { wrong += 1 }
    }
    #expect(wrong >= 4)
  }

  @Test("who was erased since is in it by alias, with nothing opened, also as of a moment before")
  func erased() async throws {
    try await live()
    let before = place.clock.moment
    let alias = try #require(try report(.leaver).changes(in: ledger).first?.alias)
    place.clock.advance(.seconds(60))
    _ = try await Erasure(in: ledger, actor: "olga").run(
      alias, reason: try #require(ErasureReason("other")), force: true)
    for moment in [before, place.clock.moment] {
      let pack = try await pack(try report(.leaver, at: moment))
      let found = try proved(pack)
      #expect(found.rows == 1 && found.opened == 0 && found.notOpened.isEmpty)
      let text = pack.files.values.map { String(decoding: $0, as: UTF8.self) }.joined()
      #expect(text.contains("\(alias)") && text.contains("erased since") && !text.contains("p4@example.com"))
    }
  }

  @Test("its schema describes its report")
  func schema() async throws {
    try await live()
    let pack = try await pack(try report(.joiner))
    let schema = try json(pack, Name.schema)
    let report = try json(pack, Name.json)
    let columns = schema["properties"]?["rows"]?["items"]?["required"]?.array?.compactMap(\.string)
    #expect(columns == report["rows"]?.array?.first?.object?.members.map(\.name))
  }
}
