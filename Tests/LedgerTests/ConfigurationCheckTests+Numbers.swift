import Base
import JSON
import Provisioning
import Testing

@testable import Ledger

// Numbers and booleans, of which YAML 1.1 has more forms than anybody means.
extension ConfigurationCheckTests {
  @Test(
    "A number is a decimal one", arguments: ["010", "0o17", "0x10", "0b101", "1:30", "1_0", "+5", "5.0", "\"5\"", "05"])
  func octal(_ number: String) {
    let found = Self.check(Self.head + "cycles:\n  everyMinutes: \(number)")
    #expect(found.map(\.kind) == [.notNumber], "\(found.map(\.fault.description))")
    #expect(found.first?.fault.sentence.contains("without quotes or leading zeros") == true)
    #expect(found.first?.fault.place == Fault.Place(file: "provledger.yaml", line: 4, column: 17))
  }

  @Test("A number outside of its range is a number", arguments: ["-1", "1441", "-99999999999999999999"])
  func outside(_ number: String) {
    #expect(Self.check(Self.head + "cycles:\n  leaversEveryMinutes: \(number)").map(\.kind) == [.outOfRange])
  }

  @Test("0 and numbers that only begin with other digits are decimal ones", arguments: ["0", "10", "1440"])
  func decimal(_ number: String) {
    #expect(Self.check(Self.head + "cycles:\n  leaversEveryMinutes: \(number)").isEmpty)
  }

  @Test("What the settings in force show as a number is one") func shown() {
    let text = "target: {concurrency: 9}\ndelivery:\n  maintenance: [{from: 22:00, to: 02:00}]\ncycles: {folder: 010}"
    let settings = EffectiveSettings.of(text)
    func value(_ path: String) -> JSONValue? { settings.first { $0.path == path }?.value }
    let windows: JSONValue = [["from": "22:00", "to": "02:00"]]
    #expect(value("target.concurrency") == 9 && value("cycles.folder") == "010")
    #expect(value("delivery.maintenance") == windows)
  }

  @Test(
    "A boolean may be one of YAML 1.1, without quotes",
    arguments: [("true", true), ("no", false), ("Yes", true), ("on", true), ("OFF", false)])
  func flag(_ word: String, _ isSo: Bool) throws {
    let read = try Configuration(yaml: Self.head + "scope: {skipOutOfScopeDeletions: \(word)}", file: "f")
    #expect(read.scope.skipsDeletions == isSo)
    #expect(Self.check(Self.head + "scope: {skipOutOfScopeDeletions: \"\(word)\"}").map(\.kind) == [.notFlag])
  }
}
