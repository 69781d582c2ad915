import Base
import EventLog
import Foundation
import Provisioning
import Sealing
import TestSupport
import Testing

@testable import Ledger

@Suite("The list of erasures that is kept outside")
struct ErasureListTests {
  private static let moment = Timestamp(milliseconds: 1_767_323_045_678)
  private let reason: ErasureReason
  private let list: ErasureList

  init() throws {
    reason = try #require(ErasureReason("gdpr-art-17-1-a"))
    list = ErasureList(
      origin: "example.test/ledger", through: 40, time: Self.moment,
      entries: [
        ErasedAlias(
          alias: "k3v9abcdefghijkl", position: 17, time: Self.moment, reason: try #require(ErasureReason("other"))),
        ErasedAlias(alias: "zzz9abcdefghijkl", position: 39, time: Self.moment, reason: reason),
      ])
  }

  @Test("what is written is read back, a line a person")
  func roundTrip() throws {
    let text = list.text
    #expect(text.split(separator: "\n").count == 3)
    #expect(try ErasureList(Array(text.utf8), file: "f") == list)
  }

  static let wrong: [(old: String, new: String, line: Int)] = [
    ("provledger-erasures/2", "provledger-erasures/3", 1), ("\"through\":\"40\"", "\"through\":\"x\"", 1),
    ("\"alias\":\"k3v9", "\"alias\":\"/k3", 2), ("\"position\":\"39\"", "\"position\":39", 3),
    ("\"reason\":\"other\"", "\"reason\":\"Free text about Ada\"", 2), ("{\"alias\":\"zzz9", "[\"alias\":\"zzz9", 3),
  ]

  @Test("a line that is no part of a list is named", arguments: wrong)
  func wrongLine(old: String, new: String, line: Int) {
    let text = list.text.replacing(old, with: new)
    #expect(text != list.text)
    let found = fault { _ = try ErasureList(Array(text.utf8), file: "list") }
    #expect(found?.code == .erasuresInvalid && found?.place == Fault.Place(file: "list", line: line))
  }

  @Test("a list that was cut off is refused, not read as a shorter one")
  func cut() {
    let bytes = Array(list.text.utf8)
    for count in stride(from: 0, to: bytes.count - 1, by: 7) where bytes[..<count].last != UInt8(ascii: "\n") {
      #expect(fault { _ = try ErasureList(Array(bytes[..<count]), file: "f") }?.code == .erasuresInvalid)
    }
  }

  @Test("kept outside, nobody is ever dropped from it, and another log's list is left alone")
  func keep() async throws {
    let place = try TestLedger()
    let ledger = try place.open()
    let file = "\(place.root)/erasures.ndjson"
    try ledger.keepErasures(in: file)
    #expect(try ErasureList(file: file).entries.isEmpty)
    let alias = try #require(try ledger.keys.subjects(for: ["p"])["p"]).alias
    try await ledger.append(
      [Event(.user(alias), .subjectErased(SubjectErased(reason: reason, forced: [], events: 0, calls: 0)))],
      actor: "test")
    try ledger.keepErasures(in: file)
    let first = try ErasureList(file: file)
    #expect(first.entries.map(\.alias) == [alias] && first.through == 1)
    #expect(first.isSigned(by: try ledger.verifierKeys()))
    // As a ledger that was restored from before that erasure finds it.
    let restored = try TestLedger()
    try PrivateFile.write(place.bytes("\(place.folder)/log.key"), path: "\(restored.folder)/log.key")
    try restored.open().keepErasures(in: file)
    let second = try ErasureList(file: file)
    #expect(second.entries == first.entries && second.through == first.through, "it does not claim to know more")
    #expect(try place.permissions(file) == 0o600)
    let other = try TestLedger(isEmpty: true)
    try other.create(origin: "example.test/other")
    let text = try place.bytes(file)
    #expect(fault { try other.open().keepErasures(in: file) }?.code == .erasuresInvalid)
    #expect(try place.bytes(file) == text)
  }

  @Test("a line that the log's key did not sign is never taken over, from a list of any age")
  func forged() async throws {
    let place = try TestLedger()
    let ledger = try place.open()
    let file = "\(place.root)/erasures.ndjson"
    try ledger.keepErasures(in: file)
    let line = """
      {"alias":"k3v9abcdefghijkl","position":"1","time":"2026-01-02T03:04:05.678Z","reason":"other"}\n
      """
    var lines = String(decoding: try place.bytes(file), as: UTF8.self).split(separator: "\n").map { "\($0)\n" }
    lines.insert(line, at: 1)
    let unsigned = lines.dropLast().joined().replacing("erasures/2", with: "erasures/1")
    for forged in [lines.joined(), unsigned] {
      try PrivateFile.write(Array(forged.utf8), path: file)
      #expect(fault { try ledger.keepErasures(in: file) }?.code == .erasuresInvalid)
      #expect(try place.bytes(file) == Array(forged.utf8), "it is evidence")
    }
    // An old list of which the log knows all is signed from here on.
    try PrivateFile.write(Array(lines[0].replacing("erasures/2", with: "erasures/1").utf8), path: file)
    try ledger.keepErasures(in: file)
    #expect(try ErasureList(file: file).isSigned(by: try ledger.verifierKeys()))
  }
}
