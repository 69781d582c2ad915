import Base
import EventLog
import Provisioning

/// What the directory said of one person and what was wanted then, in order: what is the same however far the
/// deliveries are. (Whether a wish is a create or an update depends on them.)
struct DecidedStory: Equatable {
  var chapters: [Chapter] = []

  enum Chapter: Equatable {
    case observed(UserObserved)
    case wanted(DesiredAccount?)
  }

  /// The stories of everybody, by object id: equal for two ledgers that were given the same exports.
  static func all(_ events: [(recorded: RecordedEvent, event: Event)]) -> [String: DecidedStory] {
    var ids: [String: String] = [:]
    var stories: [String: DecidedStory] = [:]
    for (_, event) in events {
      guard case .user(let alias) = event.stream else { continue }
      switch event.payload {
      case .userObserved(let observed):
        ids[alias] = observed.user.id
        stories[ids[alias] ?? alias, default: DecidedStory()].chapters.append(.observed(observed))
      case .decided(let decision):
        stories[ids[alias] ?? alias, default: DecidedStory()].chapters.append(.wanted(decision.desired))
      default: break
      }
    }
    return stories
  }
}

/// What is wrong with how the decisions of a log ended; empty when each ended, and none twice.
struct Endings {
  var problems: [String] = []

  init(_ events: [(recorded: RecordedEvent, event: Event)]) {
    var newest: [String: Int64] = [:]
    var ended: [String: [Int64]] = [:]
    var open: [String: Int] = [:]
    for (recorded, event) in events {
      switch (event.stream, event.payload) {
      case (.user(let alias), .decided(let decision))
      where [.create, .update, .disable, .enable].contains(decision.action):
        newest[alias] = recorded.position
      case (.account(let alias), .deliveryCompleted(let completed)):
        if completed.decision > recorded.position { problems.append("\(recorded.position) completes what is to come") }
        // An account that moves on to another person ends the deliveries of its last one anew.
        if completed.how == .moved, ended[alias]?.last == completed.decision { continue }
        ended[alias, default: []].append(completed.decision)
      case (.account(let alias), .callStarted(let started)):
        if open[alias] != nil { problems.append("\(recorded.position) sends a write before the last one is settled") }
        open[alias] = started.call
      case (.account(let alias), .callFinished(let finished)):
        // A read-back settles what a kill or a fault left open.
        if finished.outcome != .unknown, finished.outcome != .failed || finished.purpose.isWrite { open[alias] = nil }
      default: break
      }
    }
    for (alias, position) in newest where (ended[alias]?.last ?? 0) < position {
      problems.append("decision \(position) has no ending")
    }
    for (alias, positions) in ended where positions != Array(Set(positions)).sorted() {
      problems.append("the deliveries of \(alias) ended twice or out of order: \(positions)")
    }
  }
}
