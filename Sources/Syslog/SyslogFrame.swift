public import Base

/// A syslog message (RFC 5424) in a frame that counts its octets (RFC 6587, section 3.4.1; RFC 5425, section 4.3).
public struct SyslogFrame: Equatable, Sendable {
  /// The facility: log audit.
  static let facility = 13

  /// The severity, 0 to 7 (RFC 5424, section 6.2.1).
  public var severity: Int
  /// When it happened.
  public var time: Timestamp
  /// The machine.
  public var host: String
  /// What is said, on one line.
  public var text: String

  /// A message.
  public init(severity: Int, time: Timestamp, host: String, text: String) {
    (self.severity, self.time, self.host, self.text) = (severity, time, host, text)
  }

  /// The message in its frame.
  public var bytes: [UInt8] {
    let message = Array("<\(Self.facility * 8 + severity)>1 \(time) \(name) provledger - - - \(text)".utf8)
    return Array("\(message.count) ".utf8) + message
  }

  /// Printable ASCII, at most 255 of it, or nothing.
  private var name: String {
    let name = host.unicodeScalars.filter { (33...126).contains($0.value) }.prefix(255)
    return name.isEmpty ? "-" : String(String.UnicodeScalarView(name))
  }
}
