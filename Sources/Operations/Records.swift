public import Base
public import EventLog
import Ledger
public import Provisioning
public import Sealing
import Views

/// What is recorded beside the work itself: configurations, exports, keys, proofs.
public struct Records: OperationGroup, Sendable {
  private let transaction: Transaction

  /// Records, each in an append of its own.
  public init(_ transaction: Transaction) { self.transaction = transaction }

  private var ledger: OpenLedger { transaction.ledger }

  /// Records the configuration when its text differs from the one recorded last.
  public func configuration() async throws {
    let text = ledger.configurationText
    _ = try await transaction.run(unless: [.configuration]) { _ in
      if try ledger.recordedConfiguration()?.text.hasSameBytes(as: text) == true { return Decided([]) }
      return Decided([Event(.configuration, .configurationApplied(ConfigurationApplied(text: text)))])
    }
  }

  /// Closes cycles that a crash cut off, unless somebody may still be at one.
  public func closeInterruptedCycles() async throws {
    guard let lock = try ledger.take(.cycle) else { return }
    defer { withExtendedLifetime(lock) {} }
    try await transaction.closeInterrupted()
  }

  /// How many events `export` appends beside the one that says who it was.
  public static let eventsOfAnExport = 2

  /// Records that data is about to be taken out, and what was asked for. To be called before the first byte of it leaves,
  /// since whoever reads may go away at any moment with what they have. `person` is the one whose data it is, as with `view`.
  @discardableResult
  public func export(
    _ name: String, format: String, count: Int, viewed: DataViewed? = nil, of person: String? = nil
  ) async throws -> Receipt {
    let exported = EventPayload.reportExported(ReportExported(name: name, format: format, count: count))
    let owner = try holder(person)
    let events =
      [Event(.operators, exported)] + (viewed.map { [Event(.operators, .dataViewed($0), sealedFor: owner)] } ?? [])
    return try await transaction.certain(transaction.run(unless: []) { _ in Decided(events) }.receipt)
  }

  /// Whose key seals what was asked for: a person who has one.
  private func holder(_ person: String?) throws -> String? {
    try person.flatMap { try ledger.keys.key(of: $0) == nil ? nil : $0 }
  }

  /// Records that a file is about to leave, as `export` does; a name has a stream of its own, whose newest event says how far
  /// it went. Throws `FaultCode.exportOvertaken` when another export of that name was recorded since `version`.
  @discardableResult
  public func export(
    _ exported: ReportExported, named name: String?, since version: Int, viewed: DataViewed
  ) async throws -> Receipt {
    let stream = name.map(Stream.export) ?? .operators
    let events = [Event(stream, .reportExported(exported)), Event(.operators, .dataViewed(viewed))]
    return try await transaction.certain(
      transaction.run(unless: name.map { [.export($0)] } ?? []) { _ in
        if let name, try ledger.log.version(of: Stream.export(name).description) != version {
          throw Fault(
            .exportOvertaken,
            "Another process exported \(name) meanwhile, so that nothing of this one was kept; run it again.")
        }
        return Decided(events)
      }.receipt)
  }

  /// Records how far a feed of a name got, once the receiver has what comes before. Throws `FaultCode.exportOvertaken` when
  /// another process recorded something of that name since `version`.
  @discardableResult
  public func mark(_ exported: ReportExported, since version: Int) async throws -> Receipt {
    let stream = Stream.export(exported.name)
    return try await transaction.certain(
      transaction.run(unless: [stream]) { _ in
        guard try ledger.log.version(of: stream.description) == version else {
          throw Fault(
            .exportOvertaken,
            "Another process feeds or exports \(exported.name) too; end one of them, or give it another name.")
        }
        return Decided([Event(stream, .reportExported(exported))])
      }.receipt)
  }

  /// Says who the actor is, before an act that is recorded in another way.
  public func identify() async throws { try await transaction.identify() }

  /// Asks whoever has the worker's turn to compare TeamViewer with the log, and returns the request's position.
  public func request(_ comparison: ReconcileRequested) async throws -> Int64 {
    try await ledgerEvent(.target, .reconcileRequested(comparison)).last
  }

  /// Records that people's data is about to be shown. With the one person that it is, what was asked for is sealed under that
  /// person's key, where there is one, and goes with it.
  @discardableResult
  public func view(_ viewed: DataViewed, of person: String? = nil) async throws -> Receipt {
    try await ledgerEvent(.operators, .dataViewed(viewed), sealedFor: holder(person))
  }

  /// Records that one person's data is about to be shown; `asked` is the name by which they were found.
  ///
  /// Where the configuration says that such looks are not recorded, that configuration is, before the first of them: they
  /// are switched off by an event, and by nothing else.
  public func viewOne(_ name: String, of person: String, asked: String) async throws {
    guard ledger.configuration.log.looks == .all else { return try await configuration() }
    let isErased = try ledger.keys.key(of: person) == nil
    try await view(
      DataViewed(name: name, count: 1, position: try ledger.log.lastPosition(), filter: isErased ? person : asked),
      of: person)
  }

  /// Records that somebody goes on without the events that the views had seen and the log has not.
  @discardableResult
  public func accept(_ loss: LossAccepted) async throws -> Receipt {
    try await ledgerEvent(.ledger, .lossAccepted(loss))
  }

  /// Records what a rebuild, or a drill of one, came to, and signs the log where its key is there.
  @discardableResult
  public func rebuilt(_ rebuilt: LedgerRebuilt) async throws -> Receipt {
    let receipt = try await ledgerEvent(.ledger, .ledgerRebuilt(rebuilt))
    do { try await ledger.checkpoint() } catch let fault as Fault where fault.code == .logKeyUnusable {}
    return receipt
  }

  /// Wraps all subject keys under another master key, and records that; no entry is encrypted anew.
  ///
  /// `source` is where the new one is, nil for a fresh one in place of the present file. Throws the faults of the keys.
  public func rotateMasterKey(to source: SecretSource?) async throws -> SubjectKeys.Rotation {
    let lock = try await transaction.take(.cycle)
    defer { withExtendedLifetime(lock) {} }
    let rotation = try ledger.rotateMasterKey(to: source)
    let rotated = MasterKeyRotated(old: rotation.old, new: rotation.new, count: rotation.count)
    try await transaction.append([Event(.ledger, .masterKeyRotated(rotated))])
    return rotation
  }

  /// Replaces the key that signs the log, and returns the checkpoint that both keys sign. Throws as
  /// `OpenLedger.rotateLogKey` does.
  public func rotateLogKey() async throws -> SignedCheckpoint {
    try await transaction.identify()
    return try await ledger.rotateLogKey(actor: transaction.actor)
  }

  private func ledgerEvent(
    _ stream: Stream, _ payload: EventPayload, sealedFor person: String? = nil
  ) async throws -> Receipt {
    let event = Event(stream, payload, sealedFor: person)
    return try await transaction.certain(transaction.run(unless: []) { _ in Decided([event]) }.receipt)
  }
}
