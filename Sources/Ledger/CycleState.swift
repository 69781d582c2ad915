public import Base
import Foundation
public import JSON
public import Provisioning

/// What no event says of cycles: how far the one is that runs, why the last one failed, and when the credentials for the
/// directory end. It is kept in a file beside the log for `status` and `doctor`; who deletes it loses nothing.
public struct CycleState: Equatable, Sendable {
  /// How far a cycle is.
  public struct Progress: Equatable, Sendable {
    /// What it does.
    public enum Phase: String, Sendable {
      /// Reads users.
      case reading
      /// Reads who is assigned.
      case assignments
      /// Decides.
      case deciding
      /// Brings what was decided into the log.
      case recording
    }

    /// The process that runs it.
    public var process: Int32
    /// The directory that it reads.
    public var directory: DirectorySourceID
    /// True when everybody is read.
    public var isFull: Bool
    /// What it does.
    public var phase: Phase
    /// How much of that is done.
    public var done: Int
    /// Of how much; nil where nobody knows.
    public var total: Int?
    /// When the cycle began.
    public var began: Timestamp
    /// When the phase began.
    public var phaseBegan: Timestamp
    /// When this was so.
    public var observed: Timestamp

    /// A cycle that begins.
    public init(process: Int32, directory: DirectorySourceID, isFull: Bool, now: Timestamp) {
      (self.process, self.directory, self.isFull) = (process, directory, isFull)
      (phase, done, total) = (.reading, 0, nil)
      (began, phaseBegan, observed) = (now, now, now)
    }
  }

  /// A secret or certificate by which the directory is read.
  public struct Credential: Equatable, Sendable {
    /// `secret` or `certificate`.
    public var kind: String
    /// What its owner calls it.
    public var name: String?
    /// When it ends.
    public var end: Timestamp

    /// A credential.
    public init(kind: String, name: String?, end: Timestamp) {
      (self.kind, self.name, self.end) = (kind, name, end)
    }

    /// When it ends, or that it has ended, in words without article and period.
    public func words(at now: Timestamp) -> String {
      "\(kind)\(name.map { " \($0)" } ?? "") for the directory \(verb(at: now)): \(end)"
    }

    /// What it does at a moment: it ends, or it ended.
    public func verb(at now: Timestamp) -> String { now < end ? "ends" : "ended" }

    /// How long before its end a credential is worth a word.
    public static let notice = Duration.seconds(30 * 86_400)

    /// Those that want to be replaced: who end within 30 days; where none is good any more, all of them.
    public static func ending(_ all: [Credential], at now: Timestamp) -> [Credential] {
      let good = all.filter { now < $0.end }
      return good.isEmpty ? all : good.filter { $0.end < now + notice }
    }
  }

  /// The cycle that runs; nil when none does.
  public var progress: Progress?
  /// The credentials, the first to end first; nil where they were not read.
  public var credentials: [Credential]?
  /// When they were read.
  public var looked: Timestamp?

  /// Why cycles fail, over the tenant or a folder, where the last one did.
  public var failures: [Failure] = []

  /// Nothing is known.
  public init() {}
}

extension OpenLedger {
  private var cycleStatePath: String { "\(folder)/\(File.cycleState)" }

  /// What is kept; nothing where that cannot be read. A cycle whose process is gone does not run.
  public func cycleState() -> CycleState {
    guard let bytes = try? OutsideFile.read(cycleStatePath, limit: 1 << 20), let json = try? JSONParser.parse(bytes)
    else { return CycleState() }
    var state = CycleState(json)
    if let process = state.progress?.process, kill(process, 0) != 0, errno != EPERM { state.progress = nil }
    return state
  }

  /// Keeps it; where nothing can be written, nothing is kept.
  public func keep(_ state: CycleState) {
    guard protection == nil else { return }
    try? PrivateFile.write(Array(state.json.text.utf8), path: cycleStatePath, isDurable: false)
  }
}

// MARK: As JSON

extension CycleState {
  fileprivate var json: JSONValue {
    [
      "progress": progress?.json ?? .null, "looked": JSONValue(orNull: looked?.description),
      "credentials": credentials.map { .array($0.map(\.json)) } ?? .null,
      "failures": .array(failures.map(\.json)),
    ]
  }

  fileprivate init(_ json: JSONValue) {
    progress = json["progress"].flatMap(Progress.init)
    credentials = json["credentials"]?.array?.compactMap(Credential.init)
    looked = json["looked"]?.string.flatMap { Timestamp($0) }
    failures = json["failures"]?.array?.compactMap(Failure.init) ?? []
  }
}

extension CycleState.Progress {
  fileprivate var json: JSONValue {
    [
      "process": .integer(Int64(process)), "directory": .string(directory.name), "full": .bool(isFull),
      "phase": .string(phase.rawValue), "done": .integer(Int64(done)), "total": JSONValue(orNull: total),
      "began": .string(began.description), "phaseBegan": .string(phaseBegan.description),
      "observed": .string(observed.description),
    ]
  }

  fileprivate init?(_ json: JSONValue) {
    func moment(_ name: String) -> Timestamp? { json[name]?.string.flatMap { Timestamp($0) } }
    guard let process = json["process"]?.integer, let directory = json["directory"]?.string,
      let phase = json["phase"]?.string.flatMap(Phase.init), let done = json["done"]?.integer,
      let began = moment("began"), let phaseBegan = moment("phaseBegan"), let observed = moment("observed")
    else { return nil }
    self.init(
      process: Int32(clamping: process), directory: DirectorySourceID(directory), isFull: json["full"] == true,
      now: began)
    (self.phase, self.done, total) = (phase, done, json["total"]?.integer)
    (self.phaseBegan, self.observed) = (phaseBegan, observed)
  }
}

extension CycleState.Credential {
  /// As a JSON object.
  public var json: JSONValue {
    ["kind": .string(kind), "name": JSONValue(orNull: name), "end": .string(end.description)]
  }

  fileprivate init?(_ json: JSONValue) {
    guard let kind = json["kind"]?.string, let end = json["end"]?.string.flatMap({ Timestamp($0) }) else { return nil }
    self.init(kind: kind, name: json["name"]?.string, end: end)
  }
}
