import Base
import EventLog
public import Ledger
public import Provisioning
import Sealing

/// Who was in scope when, by the configurations that the log recorded; they are read when the first is asked for.
struct RecordedScopes {
  private let log: Log
  private let codec: EventCodec
  private var scopes: [(position: Int64, scope: ScopePolicy)]?

  init(log: Log, codec: EventCodec) {
    self.log = log
    self.codec = codec
  }

  /// What led a filter to a decision about somebody as last read, clause by clause; empty where none did. Throws the faults
  /// of log and keys.
  mutating func grounds(of logged: LoggedEvent, for user: DirectoryUser?) throws -> String {
    guard case .decided(let decision) = logged.payload, let user,
      [.outOfScope, .notEffectivelyEntitled, .newInScope].contains(decision.reason),
      let scope = try scope(at: logged.position)
    else { return "" }
    let verdict = scope.verdict { SourceAttribute.value($0, of: user.property) }
    return verdict.isInScope == (decision.reason == .newInScope) ? verdict.grounds : ""
  }

  /// The scope that was in force at a position; nil where none was recorded before.
  private mutating func scope(at position: Int64) throws -> ScopePolicy? {
    let all = try scopes ?? read()
    scopes = all
    return all.last { $0.position < position }?.scope
  }

  private func read() throws -> [(position: Int64, scope: ScopePolicy)] {
    try ConfigurationHistory.recorded(in: log, codec).compactMap { logged, text in
      (try? Configuration(yaml: text, file: "provledger.yaml")).map { (logged.position, $0.scope) }
    }
  }
}

extension AsOf {
  /// The scope by which it was decided then. Throws `FaultCode.momentUnknown` where no configuration was recorded by then, and
  /// the faults of log, keys and configuration.
  public func scope(in ledger: OpenLedger) throws -> ScopePolicy {
    let recorded = try ConfigurationHistory.recorded(in: ledger.log, ledger.codec)
    guard let text = recorded.last(where: { logged, _ in logged.position <= position })?.text else {
      throw Fault(
        .momentUnknown, "No configuration was recorded by \(moment); name a moment after the first cycle.")
    }
    return try Configuration(yaml: text, file: OpenLedger.File.configuration).scope
  }
}
