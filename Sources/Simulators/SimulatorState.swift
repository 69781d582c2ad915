import Base
import JSON
import Provisioning
import SCIM
import TeamViewerModel

/// All that the simulator holds; guarded by one lock.
struct SimulatorState: Sendable {
  var teamViewer: SimulatedTeamViewer
  private(set) var requests = RequestLog<SimulatedFault.Kind>()
  var isSaved = false
  private var initial: SimulatedTeamViewer

  init(_ teamViewer: SimulatedTeamViewer) {
    self.teamViewer = teamViewer
    initial = teamViewer
  }

  typealias Entry = RequestLog<SimulatedFault.Kind>.Entry

  /// The requests that are remembered.
  var log: [Entry] { requests.entries }

  /// Numbers an entry and remembers it.
  mutating func record(_ entry: Entry) { requests.record(entry) }

  /// From now on `Location` names the true address.
  mutating func listen(on port: Int) {
    let baseURL = "http://127.0.0.1:\(port)/scim/v2"
    teamViewer.model.settings.baseURL = baseURL
    initial.model.settings.baseURL = baseURL
  }

  mutating func reset() {
    teamViewer = initial
    requests = RequestLog()
    isSaved = false
  }

  /// Accounts, counts, carried out faults and what is wrong with the model.
  var json: JSONValue {
    guard case .object(var object) = teamViewer.model.state else { return .null }
    var faults = JSONObject()
    for kind in SimulatedFault.Kind.allCases {
      faults[kind.rawValue] = teamViewer.faults[kind].map { .integer(Int64($0)) }
    }
    object["faults"] = .object(faults)
    object["problems"] = .array(teamViewer.model.check().map(JSONValue.string))
    return .object(object)
  }
}
