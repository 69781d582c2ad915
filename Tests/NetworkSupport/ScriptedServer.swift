import NIOCore
import Synchronization

/// A web server on loopback whose answers a test gives, and which keeps what it was asked.
public final class ScriptedServer: Sendable {
  /// What arrived.
  public struct Request: Sendable {
    /// The method.
    public var method: String
    /// Path and query, byte for byte.
    public var target: String
    /// The header fields, names in lower case.
    public var headers: [String: String]
    /// The body.
    public var body: String
  }

  /// What goes back.
  public struct Answer: Sendable {
    /// The status.
    public var status: Int
    /// The body.
    public var body: String
    /// More header fields.
    public var headers: [String: String]
    /// How many bytes of the body are left out, so that the connection ends too early.
    public var missing = 0

    /// An answer.
    public init(_ status: Int = 200, _ body: String = "{}", headers: [String: String] = [:], missing: Int = 0) {
      self.status = status
      self.body = body
      self.headers = headers
      self.missing = missing
    }
  }

  private let taken = Mutex<[Request]>([])
  private let answer: @Sendable (Request) -> Answer

  private init(_ answer: @escaping @Sendable (Request) -> Answer) { self.answer = answer }

  /// What arrived so far.
  public var requests: [Request] { taken.withLock { $0 } }

  /// A server as long as `body` runs, which is given it and its port.
  public static func serving<Result: Sendable>(
    _ answer: @escaping @Sendable (Request) -> Answer,
    _ body: @Sendable @escaping (ScriptedServer, Int) async throws -> Result
  ) async throws -> Result {
    let server = ScriptedServer(answer)
    return try await LoopbackServer.serving {
      try await server.serve($0)
    } _: {
      try await body(server, $0)
    }
  }

  private func serve(_ connection: LoopbackServer.Connection) async throws {
    try await connection.executeThenClose { inbound, outbound in
      var arriving = inbound.makeAsyncIterator()
      var text = ""
      while true {
        if let request = Self.request(text) {
          taken.withLock { $0.append(request) }
          return try await outbound.write(ByteBuffer(string: Self.text(answer(request))))
        }
        guard let bytes = try await arriving.next() else { return }
        text += String(buffer: bytes)
      }
    }
  }

  /// The request in a text; nil until all of it is there.
  private static func request(_ text: String) -> Request? {
    guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].split(separator: "\r\n")
    let words = lines[0].split(separator: " ")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    let body = text[end.upperBound...]
    guard body.utf8.count >= headers["content-length"].flatMap({ Int($0) }) ?? 0 else { return nil }
    return Request(method: String(words[0]), target: String(words[1]), headers: headers, body: String(body))
  }

  private static func text(_ answer: Answer) -> String {
    let fields = answer.headers.map { "\($0): \($1)\r\n" }.joined()
    return "HTTP/1.1 \(answer.status) Scripted\r\ncontent-type: application/json\r\nconnection: close\r\n"
      + "content-length: \(answer.body.utf8.count)\r\n\(fields)\r\n"
      + String(decoding: answer.body.utf8.dropLast(answer.missing), as: UTF8.self)
  }
}
