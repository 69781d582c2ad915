import Base
import Foundation
import GraphModel
import HTTPTransport
import JSON
import SCIM

/// `provledger simulate graph` as a process, and its control side.
struct GraphProcess: Sendable {
  static let tenant = "contoso"
  static let client = "bench"
  static let secret = "bench"
  private static let control = "bench-control"
  private static let seed: UInt64 = 1

  /// The base URL.
  let url: String
  /// The application to which people are assigned.
  let principal: String
  private let people: [String]
  private let transport: Transport

  /// Runs the simulator with so many people and a latency in milliseconds, `body` meanwhile.
  static func serving<Result: Sendable>(
    _ program: Program, people: Int, latency: Int, _ body: @escaping @Sendable (GraphProcess) async throws -> Result
  ) async throws -> Result {
    let arguments = [
      "graph", "--users", "\(people)", "--seed", "\(seed)", "--tenant", tenant, "--client", client, "--secret", secret,
      "--control-token", control, "--latency", "\(latency)",
    ]
    return try await program.simulating(arguments) { url in
      let process = try GraphProcess(url: url, people: people)
      let value: Result
      do {
        try await process.post("settings", ["page_size": 999, "throttle": "off", "replays": 0, "empty_pages": 0])
        value = try await body(process)
      } catch {
        await process.transport.shutdown()
        throw error
      }
      await process.transport.shutdown()
      return value
    }
  }

  private init(url: String, people count: Int) throws {
    let life = CompanyLife(seed: Self.seed, people: count)
    let tenant = CompanyLife(seed: Self.seed, people: 0).tenant(id: Self.tenant, now: SystemClock.now())
    self.url = url
    principal = tenant.servicePrincipals.first?.appId ?? ""
    people = life.company.people.prefix(count / 100).map(\.id)
    transport = try Transport(.init())
  }

  /// Gives some people other names.
  func rename(_ count: Int) async throws {
    for id in people.prefix(count) {
      try await post("users/\(id)", ["displayName": .string("Renamed \(SystemClock.now())")])
    }
  }

  private func post(_ path: String, _ body: JSONValue) async throws {
    let request = Transport.Request(
      "POST", "\(url.dropLast("/v1.0".count))/_simulator/\(path)",
      headers: [("authorization", "Bearer \(Self.control)"), ("content-type", "application/json")],
      body: Array(body.text.utf8))
    guard case .response(let response) = await transport.send(request, bodyLimit: 1 << 20), response.status == 200
    else {
      throw Peer.Failure(description: "the simulator does not take \(path)")
    }
  }
}
