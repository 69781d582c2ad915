import Base
import GraphModel

/// Deliberate faults of scope, mapping, watermark and resync: the test of the test. The simulation must find each.
enum EngineMutation: String, CaseIterable {
  /// The mark of a cycle that died counts for the next.
  case markBeforeFinished
  /// The mark is kept although the configuration reads other properties now.
  case markKeptOverConfiguration
  /// A look for leavers moves the mark.
  case leaversMoveMark
  /// A changed round is cut off behind its first page, and its mark taken all the same.
  case deltaCut
  /// Changes are taken for everybody.
  case deltaTakenAsFull
  /// A read of everybody that was cut off is taken for whole.
  case cutReadTakenAsWhole
  /// After an expired link everybody is read, and nobody looked for who is not there.
  case resyncFindsNoLeavers
  /// An expired link begins at the present: what came between is never read.
  case resyncFromNow
  /// Who was removed is passed over.
  case removedIgnored
  /// A property without a value is passed over.
  case clearedIgnored
  /// Who is assigned is asked of those alone whom a delta shows.
  case assignmentsOfChangedOnly
  /// Who is no longer assigned is passed over.
  case unassignedIgnored
  /// Assignments of groups are passed over.
  case groupsIgnored
  /// The process goes on with the configuration that it began with.
  case oldConfigurationKept
  /// A changed configuration decides about changed people alone.
  case changedOnlyDecided
  /// The default of a mapping is dropped.
  case defaultDropped
  /// Of a filter's groups the first counts alone.
  case firstGroupOnly
  /// The clauses of a filter are passed over.
  case filterIgnored

  /// The promises that may break first.
  var breaks: Set<Problem.Kind> {
    switch self {
    case .filterIgnored, .removedIgnored, .unassignedIgnored, .resyncFindsNoLeavers: [.strayAccount]
    case .cutReadTakenAsWhole, .deltaTakenAsFull, .firstGroupOnly, .groupsIgnored, .defaultDropped: [.lostChange]
    default: [.lostChange, .strayAccount]
    }
  }

  /// Gives a life what the mutation is seen by.
  func favour(_ life: inout EngineLife, _ rules: inout Rules) {
    life.graph.deltaTokenSeconds = 604_800
    switch self {
    case .assignmentsOfChangedOnly, .unassignedIgnored, .groupsIgnored: rules.scope = 1
    case .firstGroupOnly, .filterIgnored: rules.scope = 2
    case .defaultDropped: rules.mapping = 4
    case .clearedIgnored:
      rules = Rules(scope: 4, mapping: 3)
      life.turns = [(World.beginning + World.day * 6, .property("jobTitle", isCleared: true))]
    case .markBeforeFinished: (life.crashes, life.piece) = (0.5, 2)
    case .leaversMoveMark: life.looks = 1
    case .deltaCut: life.graph.pageSize = 2
    case .resyncFindsNoLeavers, .resyncFromNow: (life.graph.deltaTokenSeconds, life.hours) = (90_000, 24)
    default: break
    }
  }
}

extension EngineMutation? {
  /// The configuration that the ledger gets for some rules.
  func text(of rules: Rules) -> String {
    let lines = rules.text.split(separator: "\n", omittingEmptySubsequences: false)
    return switch self {
    case .defaultDropped: rules.text.replacing(#", default: "At home""#, with: "")
    case .firstGroupOnly: lines.filter { !$0.contains("name: Support") }.joined(separator: "\n")
    case .filterIgnored:
      lines.filter { !$0.contains("clauses:") }.joined(separator: "\n").replacing("filters:", with: "filters: []")
    default: rules.text
    }
  }
}
