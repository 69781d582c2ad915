import Foundation

/// The programs that are measured in the same run.
struct Peers: Sendable {
  /// The compiled `tools/peers/plain.c`.
  var program: String
  /// The log's schema, which it reads.
  var schema: String
  /// A Python that has `eventsourcing`; nil leaves it out.
  var python: String?
  /// `tools/peers/eventsourcing_peer.py`.
  var script: String

  /// Inserts the next rows of a bed into its plain database; events a second.
  func plain(_ bed: Bed, count: Int64, batch: Int) async throws -> Double {
    try await rate(program, [schema, bed.log, bed.plain, String(count), String(batch)])
  }

  /// Fills the database of `eventsourcing` up to the bed's size.
  func fill(_ bed: Bed) async throws -> Double? {
    try await python(["fill", bed.python, "\(bed.size)", "\(bed.entryBytes)"])
  }

  /// `Application.save` of one-event aggregates; events a second.
  func save(_ bed: Bed, count: Int) async throws -> Double? {
    try await python(["save", bed.python, "\(count)", "\(bed.entryBytes)"])
  }

  /// `select_notifications`, 1,000 at a time; events a second.
  func select(_ bed: Bed, count: Int64) async throws -> Double? { try await python(["read", bed.python, "\(count)"]) }

  private func python(_ arguments: [String]) async throws -> Double? {
    guard let python else { return nil }
    return try await rate(python, [script] + arguments)
  }

  /// `openssl speed` of SHA-256 on one core over buffers of a size; bytes a second.
  func openssl(bytes: Int) async throws -> Double {
    let text = try await output("openssl", ["speed", "-evp", "sha256", "-bytes", String(bytes), "-seconds", "1"])
    let line = text.split(separator: "\n").last { $0.hasPrefix("sha256") }
    guard let figure = line?.split(separator: " ").last?.dropLast(), let thousands = Double(figure) else {
      throw Peer.Failure(description: "openssl speed printed no figure")
    }
    return thousands * 1000
  }

  private func rate(_ program: String, _ arguments: [String]) async throws -> Double {
    try await Peer.rate(program, arguments)
  }

  private func output(_ program: String, _ arguments: [String]) async throws -> String {
    try await Peer.output(program, arguments)
  }
}
