import Base
import Glibc
import Logging
import NIOCore
import ServiceLifecycle

/// Runs a service on a port as long as `body` runs, which is given the service and its port. `make` makes the service; it
/// tells the port as soon as it listens.
func serve<Listener: Service, Result: Sendable>(
  logger: Logger, make: (@escaping @Sendable (Int) async -> Void) throws -> Listener,
  _ body: @Sendable @escaping (Listener, Int) async throws -> Result
) async throws -> Result {
  let (ports, ready) = AsyncStream.makeStream(of: Int.self)
  let listener = try make { port in ready.yield(port) }
  let services = ServiceGroup(configuration: .init(services: [listener], logger: logger))
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask {
      defer { ready.finish() }
      try await services.run()
      return nil
    }
    group.addTask {
      for await port in ports {
        do {
          let result = try await body(listener, port)
          await services.triggerGracefulShutdown()
          return result
        } catch {
          await services.triggerGracefulShutdown()
          throw error
        }
      }
      return nil
    }
    var result: Result?
    for try await outcome in group { result = outcome ?? result }
    guard let result else { throw CancellationError() }
    return result
  }
}

/// Runs a server that takes a port of this machine. Throws `FaultCode.portUnusable` when it cannot have it.
func listening(on port: Int, _ body: () async throws -> Void) async throws {
  do { try await body() } catch let error as IOError where [EADDRINUSE, EACCES].contains(error.errnoCode) {
    let cause = error.errnoCode == EACCES ? "may not be taken by this user" : "is in use by another program"
    throw Fault(
      .portUnusable, "Port \(port) of 127.0.0.1 \(cause); name another with --port, or 0, which takes a free one.")
  }
}
