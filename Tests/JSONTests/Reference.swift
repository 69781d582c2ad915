import Base
import Foundation
import JSON

/// Foundation's reading of JSON, to compare with.
struct Reference {
  /// The value as Foundation shows it; nil when it refuses the text.
  let value: Any?

  init(_ bytes: [UInt8]) {
    value = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
  }

  /// Whether Foundation reads this value, too.
  func agrees(with own: JSONValue) -> Bool { value.map { Self.agree(own, $0) } ?? false }

  private static func agree(_ own: JSONValue, _ other: Any) -> Bool {
    switch (own, other) {
    case (.null, is NSNull): return true
    case (.string(let own), let other as String): return own.hasSameBytes(as: other)
    case (.array(let own), let other as [Any]):
      return own.count == other.count && zip(own, other).allSatisfy { agree($0, $1) }
    case (.object(let own), let other as [String: Any]): return agree(own, other)
    case (.bool(let own), let other as NSNumber): return isBool(other) && other.boolValue == own
    case (.integer(let own), let other as NSNumber): return !isBool(other) && other.int64Value == own
    case (.decimal(let own), let other as NSNumber): return !isBool(other) && isNear(own, other.doubleValue)
    default: return false
    }
  }

  private static func agree(_ own: JSONObject, _ other: [String: Any]) -> Bool {
    // A dictionary of Swift holds one of several names that are canonically equivalent, whichever: see `Difference`.
    guard Set(own.members.map(\.name)).count == own.members.count else { return true }
    return own.members.count == other.count
      && own.members.allSatisfy { member in other[member.name].map { agree(member.value, $0) } ?? false }
  }

  /// `NSNumber` is both; only the C type tells a boolean from a number.
  private static func isBool(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

  /// Foundation keeps long numbers as decimals of 38 digits; what becomes of them as a double is off by some bits.
  private static func isNear(_ text: String, _ other: Double) -> Bool {
    guard let own = Double(text) else { return false }
    return own == other || abs(own - other) <= abs(own) * 0x1p-40
  }
}
