import Base
import Foundation
import JSON
import Provisioning
import TestSupport
import Testing

/// A payload's shape may change only together with its schema version: `Shapes.txt` holds every shape that was ever
/// written, and is added to, never changed.
///
///     PROVLEDGER_SHAPES=write tools/test --filter ShapeTests     adds what is missing
@Suite("Shapes of payloads")
struct ShapeTests {
  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Shapes.txt").path

  /// The lines under each `type version` of the file.
  private static func recorded() throws -> [String: [String]] {
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    var shapes: [String: [String]] = [:]
    var title = ""
    for line in text.split(separator: "\n").map(String.init) where !line.hasPrefix("#") {
      if line.hasPrefix("  ") {
        shapes[title, default: []].append(String(line.dropFirst(2)))
      } else {
        title = line
        #expect(shapes[title] == nil, "\(title) stands twice")
        shapes[title] = []
      }
    }
    return shapes
  }

  /// The shapes of this program, by `type version`.
  private static var present: [String: [String]] {
    var shapes: [String: [String]] = [:]
    for (title, payloads) in Dictionary(
      grouping: PayloadSamples.whole + PayloadSamples.sparse, by: { "\($0.type) \($0.schema)" })
    {
      var members = Set<String>()
      for fields in payloads.map(\.value.fields) {
        for member in fields.clear.members { members.insert("clear \(member.name) \(shape(member.value))") }
        for member in fields.sealed.members { members.insert("sealed \(member.name) \(shape(member.value))") }
      }
      shapes[title] = members.sorted()
    }
    return shapes
  }

  private static func shape(_ value: JSONValue) -> String {
    switch value {
    case .object(let object):
      "{" + object.members.map { "\($0.name) \(shape($0.value))" }.sorted().joined(separator: ", ") + "}"
    case .array(let elements): "[" + Set(elements.map(shape)).sorted().joined(separator: " or ") + "]"
    default: value.kind
    }
  }

  @Test("each is as recorded for its version; another shape needs another version")
  func shapes() throws {
    var recorded = try Self.recorded()
    if ProcessInfo.processInfo.environment["PROVLEDGER_SHAPES"] == "write" {
      recorded.merge(Self.present) { old, _ in old }
      try Self.write(recorded)
    }
    for (title, shape) in Self.present.sorted(by: { $0.key < $1.key }) {
      let known = try #require(recorded[title], "\(title) has no entry in Shapes.txt: \(shape)")
      #expect(
        shape == known,
        "\(title) changed: raise its schema, add a step to Upcasters.standard, and record the new shape")
    }
  }

  @Test("every type is there, in each version that was ever written")
  func complete() throws {
    let titles = Set(try Self.recorded().keys)
    let wanted = PayloadSamples.whole.flatMap { payload in (1...payload.schema).map { "\(payload.type) \($0)" } }
    #expect(titles == Set(wanted), "a type or version is missing, or one is there that no program writes")
    #expect(wanted.count >= EventPayload.types.count)
  }

  private static func write(_ shapes: [String: [String]]) throws {
    var text = "# The members of each event type's payload, by schema version. Added to, never changed.\n"
    for (title, members) in shapes.sorted(by: { $0.key < $1.key }) {
      text += ([title] + members.map { "  \($0)" }).joined(separator: "\n") + "\n"
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
}
