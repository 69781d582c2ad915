import Base
import Ledger
import Logging
public import ServiceLifecycle

/// A feed that outlives whatever ends it, until a graceful shutdown: what fails is logged, and tried again.
public struct FeedService: Service {
  private let feed: SyslogFeed

  /// A service of a feed.
  public init(_ feed: SyslogFeed) { self.feed = feed }

  /// Feeds until it is shut down.
  public func run() async throws {
    do {
      try await cancelWhenGracefulShutdown {
        while true {
          do { try await feed.run() } catch let fault as Fault { feed.tell(fault) }
          try await Task.sleep(for: feed.patience)
        }
      }
    } catch is CancellationError {}
  }
}

extension SyslogFeed {
  fileprivate func tell(_ fault: Fault) {
    logger.error("a feed has stopped", metadata: ["feed": "\(name)", "reason": "\(fault)"])
  }
}
