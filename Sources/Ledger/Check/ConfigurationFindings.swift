import Base
import Yams

/// What readers find wrong: they note it and go on, so that all of it is told at once.
///
/// Not `Sendable`: it lives while one text is read.
final class ConfigurationFindings {
  /// Where people are read from.
  enum Source {
    /// A file, which may carry any attribute.
    case file
    /// A tenant, whose properties of users are known.
    case tenant
    /// Nothing says it.
    case unknown
  }

  /// The file, as it is named in places.
  let file: String
  /// Whose attributes mappings and scope mean.
  var source = Source.file
  /// Whether keys that are there twice were put out of sight.
  var hidesKeys = false

  private var findings: [(finding: ConfigurationFinding, isRefused: Bool)] = []
  private var named: Set<String> = []
  /// Where aliases stand, of which nothing else is said.
  private var aliases: Set<Fault.Place> = []

  init(file: String) { self.file = file }

  /// Notes what is wrong with the setting `about`, of which nothing else is said then: one mistake makes no two findings.
  /// What is not `isRefused` is told by a check, and keeps nobody from opening the ledger.
  func add(
    _ kind: ConfigurationFinding.Kind, _ sentence: String, at place: Fault.Place, about: String,
    isRefused: Bool = true
  ) {
    guard !aliases.contains(place), named.insert(about).inserted else { return }
    findings.append((ConfigurationFinding(kind: kind, fault: Fault(kind.code, sentence, at: place)), isRefused))
  }

  /// Notes an alias; what takes its place is no other mistake.
  func addAlias(_ sentence: String, at place: Fault.Place) {
    add(.alias, sentence, at: place, about: "alias \(place.line ?? 0).\(place.column ?? 0)")
    aliases.insert(place)
  }

  /// A place in the file.
  func place(_ line: Int?, _ column: Int?) -> Fault.Place { Fault.Place(file: file, line: line, column: column) }

  /// Where a node stands.
  func place(_ mark: Mark?) -> Fault.Place { place(mark?.line, mark?.column) }

  /// Whether nothing is wrong so far.
  var isEmpty: Bool { findings.isEmpty }

  /// How much is wrong so far.
  var count: Int { findings.count }

  /// All of it, in the order of the places.
  var all: [ConfigurationFinding] {
    let places = findings.enumerated().map { index, found in
      let place = found.finding.fault.place
      return ((place?.line ?? 0, place?.column ?? 0, index), found.finding)
    }
    return places.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Throws the first fault that keeps a ledger from being opened.
  func refuse() throws {
    if let first = findings.first(where: \.isRefused) { throw first.finding.fault }
  }

  /// Throws the first fault of all.
  func refuseAll() throws { if let first = all.first { throw first.fault } }
}

extension ConfigurationFinding.Kind {
  /// The code of what is wrong.
  fileprivate var code: FaultCode {
    switch self {
    case .syntax, .alias: .configurationSyntax
    case .duplicateKey, .unknownKey, .missingKey: .configurationKey
    default: .configurationValue
    }
  }
}
