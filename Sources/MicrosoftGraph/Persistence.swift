import Base
public import HTTPTransport
import SCIM

/// Sends what may be sent again until an answer comes that waiting does not change: a pace that is asked for, a service
/// that is busy, a connection that breaks.
///
/// Microsoft Graph asks for that with 429, 503 and 504 and `Retry-After` (Microsoft Graph, "Microsoft Graph throttling
/// guidance"); without the header the pause doubles.
public struct Persistence: Sendable {
  /// How often and how long it is tried.
  public struct Bounds: Equatable, Sendable {
    /// How many times a request is sent at most.
    public var attempts = 8
    /// The longest single pause; a service that asks for a longer one has the last word.
    public var longest = Duration.seconds(300)

    /// The defaults.
    public init() {}
  }

  private let transport: Transport
  private let waiting: Waiting
  private let bounds: Bounds

  /// Sends over a way, with waits as they are given.
  public init(_ transport: Transport, _ waiting: Waiting, _ bounds: Bounds = Bounds()) {
    self.transport = transport
    self.waiting = waiting
    self.bounds = bounds
  }

  /// Sends a request until something final comes of it. Throws when the task is cancelled in a pause.
  func send(_ request: Transport.Request, bodyLimit: Int) async throws -> Exchange {
    var attempt = 1
    while true {
      let exchange = await transport.send(request, bodyLimit: bodyLimit)
      guard attempt < bounds.attempts, let pause = pause(after: exchange, attempt) else { return exchange }
      try await waiting.sleep(pause)
      attempt += 1
    }
  }

  /// How long to wait before the next attempt; nil when there is to be none.
  private func pause(after exchange: Exchange, _ attempt: Int) -> Duration? {
    switch exchange {
    case .failed(.timeout), .failed(.reset), .failed(.truncated): return backoff(attempt)
    case .failed: return nil
    case .response(let response):
      guard [429, 500, 502, 503, 504].contains(response.status) else { return nil }
      guard let asked = response.retryAfter else { return backoff(attempt) }
      let pause = asked.duration(from: waiting.now())
      return pause <= bounds.longest ? pause : nil
    }
  }

  /// 1 s, doubled at each attempt up to 60 s, of which the second half is chance.
  private func backoff(_ attempt: Int) -> Duration {
    let whole = min(60_000, 1000 << min(attempt - 1, 10))
    return .milliseconds(whole / 2 + Int(Double(whole / 2) * waiting.draw()))
  }
}

extension RetryAfter {
  /// How long that is from a moment on; never negative.
  func duration(from now: Timestamp) -> Duration {
    switch self {
    case .seconds(let seconds): .seconds(seconds)
    case .date(let milliseconds): max(.zero, .milliseconds(milliseconds - now.milliseconds))
    }
  }
}
