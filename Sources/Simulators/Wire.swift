import Glibc
import Hummingbird
import NIOCore
import ServiceLifecycle

/// What can go wrong on the wire.
enum Wire {
  private struct Broken: Error {}

  /// Begins an answer and closes the connection in the middle of the body.
  static func cutOff(_ whole: Response, _ body: [UInt8], on channel: any Channel) -> Response {
    var response = whole
    let half = ByteBuffer(bytes: body.prefix(body.count / 2))
    response.body = ResponseBody(contentLength: body.count) { writer in
      try await writer.write(half)
      try await channel.close()
      throw Broken()
    }
    return response
  }

  /// Resets the connection: SO_LINGER of zero seconds makes the kernel send RST instead of FIN.
  static func reset(_ channel: any Channel) async throws -> Response {
    if let socket = channel as? any SocketOptionProvider {
      try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
    }
    try await channel.close()
    throw Broken()
  }

  /// Says nothing while `wait` lasts, and closes the connection.
  static func silence(_ channel: any Channel, _ wait: () async throws -> Void) async throws -> Response {
    try? await wait()
    try await channel.close()
    throw Broken()
  }
}

/// A request with its connection, so that a fault can break it.
struct SimulatorContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}
