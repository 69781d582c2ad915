public import Base
import Foundation
import Glibc
import Provisioning

/// The place of a master key: a file at an absolute path, or an environment variable.
extension SecretSource {
  /// The form in which the key file notes it; a file in the key file's own folder by its name, since folders are moved.
  func note(in folder: String) -> String {
    switch self {
    case .file(let path):
      let url = URL(fileURLWithPath: path)
      return "file:\(url.deletingLastPathComponent().path == folder ? url.lastPathComponent : path)"
    case .environment(let name): return "environment:\(name)"
    }
  }

  init?(note: String, in folder: String) {
    let parts = note.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("file", 2): self = .file(parts[1].hasPrefix("/") ? parts[1] : "\(folder)/\(parts[1])")
    case ("environment", 2): self = .environment(parts[1])
    default: return nil
    }
  }

  /// Where a new key waits until `keys.sqlite` is wrapped under it; nil for a variable, beside which nothing can wait.
  var beside: SecretSource? {
    if case .file(let path) = self { .file(path + ".new") } else { nil }
  }

  /// The key that is there; nil when there is none. Throws `FaultCode.masterKeyUnusable` when something else is there.
  public func masterKey() throws -> MasterKey? {
    let content: Data?
    switch self {
    case .file(let path):
      content = try Self.content(path)
    case .environment(let name):
      content = ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : Data($0.utf8) }
    }
    guard let content else { return nil }
    guard let key = MasterKey(content) else {
      throw Fault(
        .masterKeyUnusable,
        "What \(self) holds is no master key: it must be 32 bytes, as base64 or as 64 hexadecimal digits. Put the right one back."
      )
    }
    return key
  }

  private static func content(_ path: String) throws -> Data? {
    do { return Data(try OutsideFile.read(path, limit: 4096)) } catch let failure as OutsideFile.Failure {
      if failure.kind == .missing { return nil }
      throw failure.fault(
        .masterKeyUnusable, "\(path), which is to hold the master key,", "check it and its permissions.")
    }
  }

  /// Writes a key into a new file for its owner's eyes only; durable on return.
  ///
  /// Throws `FaultCode.masterKeyUnusable` when the file is there already, cannot be written, or this is no file.
  public func write(_ key: MasterKey) throws {
    guard case .file(let path) = self else {
      throw Fault(.masterKeyUnusable, "A master key cannot be put into \(self) from here; set it there yourself.")
    }
    do {
      try PrivateFile.make(Array("\(key.text)\n".utf8), path: path)
    } catch let failure as PrivateFile.Failure {
      throw Fault(
        .masterKeyUnusable, "\(path) cannot be made for a master key: \(failure.text). Name another file.")
    }
  }

  /// Moves the key that waits beside this file into it, over the old one.
  func adopt() {
    guard case .file(let path) = self, case .file(let waiting)? = beside else { return }
    // Another process may have moved it first; whether the right key is there is seen by who reads it next.
    _ = rename(waiting, path)
    PrivateFile.syncFolder(of: path)
  }

  /// Removes a key that waits beside this file and that nothing needs.
  func discardWaiting() {
    if case .file(let waiting)? = beside { unlink(waiting) }
  }
}

/// Finds the master key that a key file needs.
struct MasterKeySearch {
  /// Where the configuration says that it is.
  var configured: SecretSource

  /// The key with an id, and where it is: where the configuration says, or where it was last put.
  ///
  /// A key that waits beside its file because a rotation was cut off is moved into place. Throws
  /// `FaultCode.masterKeyMissing`, `.masterKeyWrong` and `.masterKeyUnusable`.
  func find(_ id: String, lastPut: SecretSource?, file: String) throws -> (key: MasterKey, place: SecretSource) {
    var places = [configured]
    if let lastPut, lastPut != configured { places.append(lastPut) }
    var unusable: (any Error)?
    var other: SecretSource?
    for place in places {
      do {
        if let key = try place.masterKey() {
          if key.id == id { return (key, place) }
          other = other ?? place
        }
      } catch {
        unusable = unusable ?? error
      }
      if let beside = place.beside, let key = try? beside.masterKey(), key.id == id {
        place.adopt()
        return (key, place)
      }
    }
    if let unusable { throw unusable }
    let hint = lastPut.map { " It was last put into \($0)." } ?? ""
    guard let other else {
      throw Fault(
        .masterKeyMissing,
        "\(configured), where the configuration says the master key is, holds none.\(hint) Put the key of id \(id) back, or name its place under keys.master; without it \(file) opens nothing."
      )
    }
    throw Fault(
      .masterKeyWrong,
      "\(other) holds another master key than the one that wraps \(file), whose id is \(id).\(hint) Put that key back, or name its place under keys.master; the file itself is sound."
    )
  }
}
