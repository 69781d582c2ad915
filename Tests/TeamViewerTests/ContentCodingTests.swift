import Base
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Provisioning
import SCIM
import Synchronization
import TeamViewer
import Testing

/// Answers that are compressed, and those that only say so.
@Suite("Content codings", .timeLimit(.minutes(3)))
struct ContentCodingTests {
  private static let hello = Array(
    Data(base64Encoded: "H4sIAAAAAAACA8tIzcnJ11HIQKIAn6HKCRMAAAA=") ?? Data())

  private func answer(
    _ body: [UInt8], coding: String?, bounds: SCIMClient.Configuration = .init()
  ) async throws -> (Exchange, asked: String?) {
    let asked = Mutex<String?>(nil)
    let exchange = try await withServer { request in
      asked.withLock { $0 = request.headers[.acceptEncoding] }
      var headers = HTTPFields([.init(name: .contentType, value: "application/json")])
      headers[.contentEncoding] = coding
      return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    } _: { port in
      try await withClient("http://127.0.0.1:\(port)/scim/v2", bounds) { await $0.send(.getUser("u1")) }
    }
    return (exchange, asked.withLock { $0 })
  }

  @Test("gzip is asked for, and read", arguments: ["gzip", "GZIP", "x-gzip"])
  func gzip(coding: String) async throws {
    let (exchange, asked) = try await answer(Self.hello, coding: coding)
    #expect(asked == "gzip")
    guard case .response(let response) = exchange else {
      Issue.record("\(exchange)")
      return
    }
    #expect(response.body == Array("hello, hello, hello".utf8))
  }

  @Test("an answer that is as it is", arguments: [nil, "identity"])
  func plain(coding: String?) async throws {
    let (exchange, _) = try await answer(Array("hello".utf8), coding: coding)
    guard case .response(let response) = exchange else {
      Issue.record("\(exchange)")
      return
    }
    #expect(response.body == Array("hello".utf8))
  }

  @Test(
    "what was not offered, or is not what it says, is no answer", arguments: ["br", "deflate", "gzip, gzip", "gzip"])
  func unreadable(coding: String) async throws {
    let (exchange, _) = try await answer(Array("{\"id\":\"u1\"}".utf8), coding: coding)
    #expect(exchange == .failed(.encoding))
  }

  @Test("a compressed answer that is cut ends too early")
  func cut() async throws {
    #expect(try await answer(Array(Self.hello.dropLast(3)), coding: "gzip").0 == .failed(.truncated))
  }

  @Test("the bound of an answer holds for what it becomes")
  func bound() async throws {
    let small = SCIMClient.Configuration(bodyLimit: 18)
    // 30 bytes that become 19.
    #expect(try await answer(Self.hello, coding: "gzip", bounds: small).0 == .failed(.tooLarge))
    let bomb = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + Self.letters(kilobytes: 4096)
    #expect(bomb.count < 1 << 18)
    #expect(try await answer(bomb, coding: "gzip").0 == .failed(.tooLarge))
  }

  /// Copies of one letter: 13 bits for 258 bytes, the bits of eight copies being 13 bytes (RFC 1951, section 3.2.6).
  private static func letters(kilobytes: Int) -> [UInt8] {
    var bits: [UInt8] = [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0]
    for _ in 0..<kilobytes * 1024 / 258 { bits += [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] }
    return stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<min(start + 8, bits.count)].enumerated().reduce(0) { $0 | $1.element << UInt8($1.offset) }
    }
  }
}
