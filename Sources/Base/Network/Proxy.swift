/// How a host is reached: through whom, and trusting whom.
public struct Route: Equatable, Sendable {
  /// The proxy on the way; nil for none.
  public var proxy: Proxy?
  /// The path of a file with the certificates of authorities that are trusted beside the system's; nil for none.
  public var certificates: String?

  /// A way; straight and with the system's authorities alone, unless told otherwise.
  public init(proxy: Proxy? = nil, certificates: String? = nil) {
    self.proxy = proxy
    self.certificates = certificates
  }
}

/// An HTTP proxy that opens ways to other machines (CONNECT, RFC 9110, section 9.3.6).
public struct Proxy: Equatable, Sendable, CustomStringConvertible {
  /// The host's name or address; an IPv6 address without brackets.
  public var host: String
  /// The port, 1 to 65,535.
  public var port: Int
  /// Who we are to it; nil where it does not ask.
  public var credentials: Credentials?

  /// A name and a password, for Basic authentication (RFC 7617).
  public struct Credentials: Equatable, Sendable {
    /// The name, without a colon.
    public var user: String
    /// The password.
    public var password: String

    /// From `user:password`; nil without a colon, or with control characters.
    public init?(_ text: String) {
      guard let colon = text.firstIndex(of: ":"), colon > text.startIndex,
        text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
      else { return nil }
      user = String(text[..<colon])
      password = String(text[text.index(after: colon)...])
    }
  }

  /// Why a text names no proxy, in words that follow the name of its place; never the text, which may hold a password.
  public struct Objection: Error, Equatable, CustomStringConvertible {
    /// The words.
    public let description: String
  }

  /// The proxy as a URL, without the credentials.
  public var description: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

  /// A proxy from a URL such as `http://proxy.example:3128`, with or without `http://` and `user:password@`.
  public init(_ text: String) throws(Objection) {
    var rest = Substring(text)
    if let scheme = rest.firstRange(of: "://") {
      let name = rest[..<scheme.lowerBound].lowercased()
      guard name == "http" else {
        throw Objection(description: "names a proxy of another kind than http://, and only such are spoken to")
      }
      rest = rest[scheme.upperBound...]
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    if let at = rest.lastIndex(of: "@") {
      guard let decoded = Self.decoded(rest[..<at]), let credentials = Credentials(decoded) else {
        throw Objection(description: "has something before the @ that is not user:password, percent-encoded")
      }
      self.credentials = credentials
      rest = rest[rest.index(after: at)...]
    }
    guard let place = HostAndPort(rest), let port = place.port else {
      throw Objection(description: "is not like http://proxy.example:3128, with the port")
    }
    host = place.host
    self.port = port
  }

  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, let value = UInt8(digits, radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

/// A host, and a port if one stands behind it: `name`, `name:443`, `::1`, `[::1]:443`.
struct HostAndPort {
  var host: String
  var port: Int?

  init?(_ text: Substring) {
    var rest = text
    if text.first == "[", let end = text.firstIndex(of: "]") {
      host = String(text[text.index(after: text.startIndex)..<end])
      rest = text[text.index(after: end)...]
    } else if text.count(where: { $0 == ":" }) > 1 {
      host = String(text)
      rest = ""
    } else {
      host = String(text.prefix { $0 != ":" })
      rest = text.dropFirst(host.count)
    }
    if rest.first == ":" {
      guard let number = Int(rest.dropFirst()), (1...65535).contains(number) else { return nil }
      port = number
    } else if !rest.isEmpty {
      return nil
    }
    guard (1...253).contains(host.utf8.count), host.utf8.allSatisfy(Self.mayStand) else { return nil }
  }

  /// Letters, digits and what else names and addresses are made of.
  private static func mayStand(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._:%".utf8.contains(byte)
    }
  }
}

/// The addresses by which a machine reaches itself.
public enum Loopback {
  /// Whether a host, as it stands in a URL, is this machine: `localhost`, `::1`, or an address of 127.0.0.0/8 in its
  /// usual form (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3).
  public static func contains(_ host: String) -> Bool {
    ["localhost", "::1", "[::1]"].contains(host.lowercased()) || bytes(of: host)?.first == 127
  }

  /// Whether a host, as it stands in a URL, is an address that no router passes on: one of 169.254.0.0/16 in its usual form
  /// (RFC 3927).
  static func isLinkLocal(_ host: String) -> Bool { bytes(of: host)?.prefix(2) == [169, 254] }

  private static func bytes(of host: String) -> [UInt8]? {
    let bytes = host.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
    // `0127` is octal to a resolver, and `+127` a name.
    return bytes.count == 4 && bytes.map { "\($0)" }.joined(separator: ".") == host ? bytes : nil
  }
}
