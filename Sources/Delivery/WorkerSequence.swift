import Base
import Logging
import ServiceLifecycle

/// One worker after the other. Where the disk has no room for what a worker would record, a service waits: what cannot be
/// recorded is not sent. The next worker reads back what the last one left without an answer, as after a crash.
struct WorkerSequence: Sendable {
  /// How long the disk is left alone before somebody looks at it again.
  static let interval = Duration.seconds(5)

  /// Whether it waits for room; otherwise the fault is thrown.
  let waitsForRoom: Bool
  let logger: Logger
  /// Whether the ledger's disk has no room.
  let isShort: @Sendable () -> Bool
  var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

  /// Runs one worker after the other, as long as `worker` says that another is to follow.
  func run(_ worker: () async throws -> Bool) async throws {
    var goesOn = true
    while goesOn {
      do {
        goesOn = try await worker()
      } catch let fault as Fault where waitsForRoom && isForWantOfRoom(fault) {
        logger.error(
          "no room is left on the ledger's disk: no call is sent until there is", metadata: ["code": "\(fault.code)"])
        goesOn = await room()
      }
    }
  }

  private func isForWantOfRoom(_ fault: Fault) -> Bool {
    switch fault.code {
    case .logFull, .keysFull: true
    case .viewsDamaged: isShort()
    default: false
    }
  }

  /// Waits until there is room; false when the service is to end.
  private func room() async -> Bool {
    repeat {
      try? await cancelWhenGracefulShutdown { [pause] in try await pause(Self.interval) }
      if Task.isShuttingDownGracefully || Task.isCancelled { return false }
    } while isShort()
    logger.notice("the worker goes on: the ledger's disk has room")
    return true
  }
}
