import Base
import Provisioning
import Testing

@testable import Directory

@Suite("Cuts and round trips")
struct CutTests {
  static let csv =
    "\u{FEFF}id,userPrincipalName,accountEnabled,displayName\r\nu1,a,true,\"É \"\"x\"\"\r\n,\"\r\nu2,b,false,\r\n"
  static let ndjson =
    #"{"id":"u1","userPrincipalName":"a","displayName":"É\u00e9\ud83d\ude00"}"# + "\n"
    + #"{"id":"u2","userPrincipalName":"b"}"# + "\n"
  static let page =
    #"{"@odata.deltaLink":"l","value":[{"id":"u1","userPrincipalName":"É"},{"id":"u2","@removed":{"reason":"deleted"}}]}"#

  @Test("every cut of a small file is refused or is a prefix of it", arguments: [nil] + DirectoryFormat.allCases)
  func cuts(format: DirectoryFormat?) throws {
    for text in [CutTests.csv, CutTests.ndjson, CutTests.page] {
      let bytes = Array(text.utf8)
      let whole = try? read(bytes, format: format).ids
      for count in 0..<bytes.count {
        do {
          let ids = try read(bytes[..<count], format: format).ids
          #expect(whole?.starts(with: ids) == true, "cut at \(count)")
        } catch let fault as Fault {
          #expect(fault.code.exit == .input)
        }
      }
    }
  }

  @Test("a page that is cut is always refused")
  func cutPages() {
    let bytes = Array(CutTests.page.utf8)
    for count in 0..<bytes.count { #expect(throws: Fault.self) { try read(bytes[..<count]) } }
  }

  @Test("every byte of a small file replaced: refused or read, never a crash")
  func mutations() {
    for text in [CutTests.csv, CutTests.ndjson, CutTests.page] {
      var bytes = Array(text.utf8)
      for index in bytes.indices {
        let old = bytes[index]
        for new in [0x00, 0x0A, 0x0D, 0x22, 0x2C, 0x5C, 0x7B, 0x7D, 0xC3, 0xFF] as [UInt8] {
          bytes[index] = new
          do { _ = try read(bytes) } catch { #expect(error is Fault) }
        }
        bytes[index] = old
      }
    }
  }

  @Test("random fields survive a round trip through CSV", arguments: 1...20 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = Numbers(state: seed)
    let pieces = [
      "a", "Ü", "\"", "\"\"", ",", "\n", "\r\n", "\r", " ", ";", "\t", "'", "名", "\u{301}", "=1", "\u{FEFF}", "👩‍💻",
    ]
    func field() -> String {
      (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
    let rows = (1...50).map {
      ["u\($0)", "n\($0)" + field(), Bool.random(using: &random) ? "true" : "false", field(), field()]
    }
    let names = ["id", "userPrincipalName", "accountEnabled", "displayName", "surname"]
    let order = [0, 1, 2, 3, 4].shuffled(using: &random)
    let lineEnd = Bool.random(using: &random) ? "\r\n" : "\n"
    var text = Bool.random(using: &random) ? "\u{FEFF}" : ""
    for row in [names] + rows {
      text += order.map { write(row[$0], always: Bool.random(using: &random)) }.joined(separator: ",") + lineEnd
    }
    let changes = try read(text).changes
    #expect(changes.count == rows.count)
    for (change, row) in zip(changes, rows) {
      #expect(change.id == row[0])
      #expect(change.attributes[.userPrincipalName] == .text(row[1]))
      #expect(change.attributes[.accountEnabled] == .flag(row[2] == "true"))
      for (attribute, text) in [(DirectoryAttribute.displayName, row[3]), (.surname, row[4])] {
        #expect(change.attributes[attribute] == (text.isEmpty ? .cleared : .text(text)))
        if case .text(let read) = change.attributes[attribute] { #expect(Array(read.utf8) == Array(text.utf8)) }
      }
    }
  }

  private func write(_ field: String, always: Bool) -> String {
    let needed = field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    guard always || needed else { return field }
    return "\"" + field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}

/// Seeded numbers, so that a failing case comes back.
private struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
  }
}
