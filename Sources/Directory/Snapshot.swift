import Base
import Provisioning

/// Collects the objects of a full export and refuses what cannot be one.
struct Snapshot {
  private let limits: Limits
  private var changes: [DirectoryChange] = []
  /// The index in `changes` of each id, and of each userPrincipalName without ASCII case.
  private var ids: [ByteKey: Int] = [:]
  private var names: [ByteKey: Int] = [:]

  init(limits: Limits) { self.limits = limits }

  mutating func add(_ change: DirectoryChange) throws {
    guard changes.count < limits.objects else { throw tooMany(limits, at: change.place) }
    let name = try Self.name(of: change)
    if let other = ids.updateValue(changes.count, forKey: ByteKey(change.id)) {
      throw doubled("id \(change.id.quoted)", change, other)
    }
    if let other = names.updateValue(changes.count, forKey: ByteKey(name.asciiLowercased)) {
      throw doubled("userPrincipalName of this user", change, other)
    }
    changes.append(change)
  }

  /// The sign-in name, which everybody needs.
  static func name(of change: DirectoryChange) throws -> String {
    guard case .text(let name) = change.attributes[.userPrincipalName] else {
      throw Fault(
        .attributeMissing, "the user \(change.id.quoted) has no userPrincipalName; select it in the query",
        at: change.place)
    }
    return name
  }

  /// The snapshot, unless nobody is in it: then it would say that everybody has left.
  func reading(of file: String) throws -> DirectoryReading {
    guard !changes.isEmpty else {
      throw Fault(
        .noPeople, "the export holds no user; it would make everybody a leaver. Export again", at: .init(file: file))
    }
    // The recycle bin by itself says nothing of those who are not in it.
    let isBin = changes.allSatisfy { $0.state != .present }
    return DirectoryReading(kind: isBin ? .partial : .snapshot, changes: changes)
  }

  private func doubled(_ what: String, _ change: DirectoryChange, _ other: Int) -> Fault {
    let place = changes[other].place
    let line = place.line.map { "line \($0)" } ?? "an earlier line"
    let there = place.file == change.place.file ? line : "\(place.file), \(line)"
    return Fault(
      .duplicateObject, "the \(what) is already on \(there); export again, or remove one of the two", at: change.place)
  }
}

func tooMany(_ limits: Limits, at place: Fault.Place) -> Fault {
  Fault(.inputTooLarge, "the export holds more than \(limits.objects) objects, which is the limit", at: place)
}
