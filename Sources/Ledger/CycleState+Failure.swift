public import Base
public import JSON
import Synchronization

extension CycleState {
  /// That cycles fail, one after the other: a failed one leaves nothing in the log.
  public struct Failure: Equatable, Sendable {
    /// What cycles are over.
    public enum Way: String, CaseIterable, Sendable {
      /// Entra ID.
      case tenant
      /// A folder into which exports are dropped.
      case folder

      /// In words.
      public var words: String { self == .tenant ? "the tenant" : "the watched folder" }
    }

    /// What they are over.
    public var way: Way
    /// The code of the newest fault.
    public var code: String
    /// The newest fault, with its code.
    public var reason: String
    /// When the first one in a row failed.
    public var since: Timestamp

    /// Cycles that fail.
    public init(_ way: Way, code: String, reason: String, since: Timestamp) {
      (self.way, self.code, self.reason, self.since) = (way, code, reason, since)
    }

    /// That they fail, since when and by which code: names nobody, and no file.
    public var words: String { "cycles over \(way.words) fail since \(since) (\(code))" }

    /// As a JSON object.
    public var json: JSONValue {
      [
        "over": .string(way.rawValue), "since": .string(since.description), "code": .string(code),
        "reason": .string(reason),
      ]
    }

    init?(_ json: JSONValue) {
      guard let way = json["over"]?.string.flatMap(Way.init), let code = json["code"]?.string,
        let reason = json["reason"]?.string, let since = json["since"]?.string.flatMap({ Timestamp($0) })
      else { return nil }
      self.init(way, code: code, reason: reason, since: since)
    }
  }
}

extension OpenLedger {
  /// Several parts of a process change what is kept.
  private static let turn = Mutex(())

  /// Changes what is kept; nothing is written where it stays the same.
  public func changeCycleState(_ change: (inout CycleState) -> Void) {
    Self.turn.withLock { _ in
      let before = cycleState()
      var after = before
      change(&after)
      if after != before { keep(after) }
    }
  }

  /// Keeps why a cycle failed, or that one did not: nil.
  public func keep(_ fault: Fault?, ofCyclesOver way: CycleState.Failure.Way) {
    let now = clock()
    changeCycleState { state in
      let since = state.failures.first { $0.way == way }?.since ?? now
      state.failures.removeAll { $0.way == way }
      guard let fault else { return }
      state.failures.append(.init(way, code: fault.code.description, reason: "\(fault)", since: since))
    }
  }
}
