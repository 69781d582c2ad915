import Foundation
import NIOCore
import Synchronization

/// An HTTP proxy on loopback that opens ways by CONNECT, all of them to one port.
public final class ConnectProxy: Sendable {
  /// How it behaves.
  public enum Manner: Sendable {
    /// It lets everybody through.
    case open
    /// It lets through who says `user:password`.
    case asking(String)
    /// It answers with a status.
    case refusing(Int)
    /// It takes the connection and says nothing.
    case silent
    /// It closes the connection.
    case closing
  }

  private let manner: Manner
  private let target: Int
  private let taken = Mutex<[String]>([])

  private init(_ manner: Manner, to target: Int) {
    self.manner = manner
    self.target = target
  }

  /// The heads of the requests that arrived, as they were.
  public var requests: [String] { taken.withLock { $0 } }

  /// A proxy as long as `body` runs, which is given it and its port.
  public static func serving<Result: Sendable>(
    _ manner: Manner = .open, to target: Int,
    _ body: @Sendable @escaping (ConnectProxy, Int) async throws -> Result
  ) async throws -> Result {
    let proxy = ConnectProxy(manner, to: target)
    return try await LoopbackServer.serving {
      try await proxy.serve($0)
    } _: {
      try await body(proxy, $0)
    }
  }

  private func serve(_ connection: LoopbackServer.Connection) async throws {
    try await connection.executeThenClose { inbound, outbound in
      var arriving = inbound.makeAsyncIterator()
      var head = ""
      while !head.contains("\r\n\r\n") {
        guard let bytes = try await arriving.next() else { return }
        head += String(buffer: bytes)
      }
      taken.withLock { $0.append(head) }
      guard let answer = answer(to: head) else {
        if case .silent = manner { while try await arriving.next() != nil {} }
        return
      }
      guard answer == 200 else {
        let text = "HTTP/1.1 \(answer) No\r\nproxy-authenticate: Basic realm=\"way\"\r\ncontent-length: 0\r\n\r\n"
        return try await outbound.write(ByteBuffer(string: text))
      }
      try await LoopbackServer.relay(&arriving, outbound, to: target) {
        try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
      }
    }
  }

  private func answer(to head: String) -> Int? {
    guard head.hasPrefix("CONNECT ") else { return 405 }
    switch manner {
    case .open: return 200
    case .refusing(let status): return status
    case .silent, .closing: return nil
    case .asking(let credentials):
      let value = "basic \(Data(credentials.utf8).base64EncodedString())"
      let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("proxy-authorization:") }
      return line?.dropFirst("proxy-authorization: ".count).lowercased() == value.lowercased() ? 200 : 407
    }
  }
}
