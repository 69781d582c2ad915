import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Something that listens on loopback and is no TeamViewer.
enum Answerer {
  /// Answers with a text as long as `body` runs, which is given the port.
  static func serving(
    _ text: String, type: String, _ body: @escaping @Sendable (Int) async throws -> Void
  ) async throws {
    try await serving { _, _ in
      Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    } during: {
      try await body($0)
    }
  }

  /// Answers each request and its body by a function, as long as `body` runs, which is given the port.
  static func serving(
    _ answer: @escaping @Sendable (Request, String) async throws -> Response,
    during body: @escaping @Sendable (Int) async throws -> Void
  ) async throws {
    let (ports, ready) = AsyncStream.makeStream(of: Int.self)
    let application = Application(
      responder: CallbackResponder<BasicRequestContext> { request, _ in
        let sent = try await request.body.collect(upTo: 1 << 20)
        return try await answer(request, String(buffer: sent))
      },
      configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in
        if let port = channel.localAddress?.port { ready.yield(port) }
        ready.finish()
      },
      logger: quiet)
    let services = ServiceGroup(configuration: .init(services: [application], logger: quiet))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { ready.finish() }
        try await services.run()
      }
      group.addTask {
        for await port in ports {
          do {
            try await body(port)
          } catch {
            await services.triggerGracefulShutdown()
            throw error
          }
        }
        await services.triggerGracefulShutdown()
      }
      try await group.waitForAll()
    }
  }
}
