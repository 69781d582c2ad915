public import SCIM
public import TeamViewer

/// The way to the target: a client's, or a test's.
public struct TargetConnection: Sendable {
  /// Sends a SCIM request and waits for what comes of it.
  public typealias Send = @Sendable (SCIMRequest) async -> Exchange

  /// Sends a SCIM request.
  public let send: Send
  /// Reads a route of the same host outside SCIM.
  public let get: @Sendable (String) async -> Exchange

  /// A way to the target.
  public init(send: @escaping Send, get: @escaping @Sendable (String) async -> Exchange) {
    self.send = send
    self.get = get
  }

  /// A client's way.
  public init(_ client: SCIMClient) {
    self.init {
      await client.send($0)
    } get: {
      await client.get($0)
    }
  }
}
