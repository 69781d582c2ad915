import Base
import JSON
import Provisioning
import SCIM
import TeamViewerModel

/// All that the simulator holds; guarded by one lock.
struct SimulatorState: Sendable {
  var teamViewer: SimulatedTeamViewer
  var log: [Entry] = []
  var isSaved = false
  private var initial: SimulatedTeamViewer
  private var requests = 0

  /// The requests that are remembered; older ones are forgotten.
  static let logLimit = 100_000

  init(_ teamViewer: SimulatedTeamViewer) {
    self.teamViewer = teamViewer
    initial = teamViewer
  }

  /// One request of the log; the token is never in it.
  struct Entry: Sendable {
    var number = 0
    var time: Timestamp
    var method: String
    var path: String
    var status: Int?
    var fault: SimulatedFault.Kind?
    var userAgent: String?
    /// The caller's port, which tells connections apart.
    var connection: Int?

    var json: JSONValue {
      [
        "n": .integer(Int64(number)), "time": .string(time.description), "method": .string(method),
        "path": .string(path), "status": status.map { .integer(Int64($0)) } ?? .null,
        "fault": fault.map { .string($0.rawValue) } ?? .null, "userAgent": userAgent.map(JSONValue.string) ?? .null,
        "connection": connection.map { .integer(Int64($0)) } ?? .null,
      ]
    }
  }

  /// Numbers an entry and remembers it.
  mutating func record(_ entry: Entry) {
    requests += 1
    if log.count >= Self.logLimit { log.removeFirst(Self.logLimit / 2) }
    var entry = entry
    entry.number = requests
    log.append(entry)
  }

  /// From now on `Location` names the true address.
  mutating func listen(on port: Int) {
    let baseURL = "http://127.0.0.1:\(port)/scim/v2"
    teamViewer.model.settings.baseURL = baseURL
    initial.model.settings.baseURL = baseURL
  }

  mutating func reset() {
    teamViewer = initial
    log = []
    requests = 0
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
