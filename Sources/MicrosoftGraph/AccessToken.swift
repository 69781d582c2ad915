import Base
import JSON
import SCIM

/// A token, and until when it is used. It is in memory alone.
struct AccessToken: Sendable {
  /// How long before its end a token is renewed.
  static let margin = Duration.seconds(300)

  let text: String
  private let end: Timestamp

  /// Reads what a token endpoint answers at a moment: `expires_in` as a number or a text, else `expires_on`, else for at once.
  /// Nil for anything else, and for a token that no header can carry.
  init?(_ response: SCIMResponse, now: Timestamp) {
    guard response.isSuccess, let json = response.json, let text = json["access_token"]?.string,
      !text.isEmpty, text.utf8.count <= 64 << 10, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    self.text = text
    let seconds = Self.number(json["expires_in"])
    let moment = Self.number(json["expires_on"]).map { Timestamp(milliseconds: $0 * 1000) }
    end = seconds.map { now + .seconds($0) } ?? moment ?? now
  }

  /// True as long as it is used.
  func isFresh(_ now: Timestamp) -> Bool { now + Self.margin < end }

  private static func number(_ value: JSONValue?) -> Int64? {
    let number = value?.integer.map(Int64.init) ?? value?.string.flatMap { Int64($0) }
    return number.flatMap { (0...1 << 40).contains($0) ? $0 : nil }
  }
}
