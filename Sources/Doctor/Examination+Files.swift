import Base
import Foundation
import Glibc
import JSON
import Ledger

/// The folder, its files, and the disk below.
extension Examination {
  private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

  /// Of the folder, which may be a link, what it leads to counts; of files the file itself.
  private func status(_ path: String) -> stat? {
    var status = stat()
    let result = path == folder ? stat(path, &status) : lstat(path, &status)
    return result == 0 ? status : nil
  }

  func files() -> [Finding] {
    guard let own = status(folder) else {
      return [
        Finding(.failure, "folder-unreadable", "\(folder) cannot be looked at.", remedy: "Check who owns it.")
      ]
    }
    var findings: [Finding] = []
    if own.st_mode & 0o077 != 0 {
      findings.append(
        Finding(
          .failure, "folder-rights",
          "\(folder) is open to others (\(Self.octal(own.st_mode))): it holds personal data.",
          remedy: "chmod 700 \(folder)", facts: ["mode": .string(Self.octal(own.st_mode))]))
    }
    let open = names.filter { status("\(folder)/\($0)").map { $0.st_mode & 0o077 != 0 } ?? false }
    if !open.isEmpty {
      findings.append(
        Finding(
          .failure, "file-rights", "Others may open \(open.joined(separator: ", ")) in \(folder).",
          remedy: "chmod 600 \(open.map { "\(folder)/\($0)" }.joined(separator: " "))",
          facts: ["files": .array(open.map(JSONValue.string))]))
    }
    let strange = names.filter { status("\(folder)/\($0)").map { $0.st_uid != own.st_uid } ?? false }
    if !strange.isEmpty {
      findings.append(
        Finding(
          .failure, "file-owner",
          "\(strange.joined(separator: ", ")) in \(folder) belong to another user than the folder.",
          remedy: "chown them to the folder's owner; run all commands as that user.",
          facts: ["files": .array(strange.map(JSONValue.string))]))
    }
    if geteuid() != 0, own.st_uid != geteuid() {
      findings.append(
        Finding(
          .warning, "folder-owner", "\(folder) belongs to another user than the one who runs this.",
          remedy: "Run provledger as the folder's owner."))
    }
    if findings.isEmpty { findings.append(Finding(.ok, "rights", "\(folder) and its files are its owner's alone.")) }
    return findings + leftovers() + unfinished()
  }

  /// What `backup verify` and `backup create` left that were killed.
  private func unfinished() -> [Finding] {
    var findings = OpenLedger.unfinishedProofs(in: folder).map { name in
      Finding(
        .warning, "proof-unfinished",
        "\(folder)/\(name) is of a `backup verify` that was cut off, with people in clear.",
        remedy: "Nothing: the next command that writes to this ledger removes it.")
    }
    if let path = OpenLedger.unfinishedBackup(of: folder) {
      findings.append(
        Finding(
          .warning, "backup-unfinished", "\(path) is half a backup, of a `backup create` that was cut off.",
          remedy: "Nothing: the next `backup create` removes it."))
    }
    return findings
  }

  static func octal(_ mode: mode_t) -> String { String(mode & 0o777, radix: 8) }

  /// What work that was cut off, or a change of the schema, left behind.
  private func leftovers() -> [Finding] {
    names.compactMap { name in
      switch name {
      case "master.key.new":
        Finding(
          .warning, "rotation-unfinished",
          "\(folder)/\(name) is left of a rotation of the master key that was cut off.",
          remedy: "Run `provledger keys rotate` again; delete neither key before it ended.")
      case "views.sqlite.rebuild", "audit.sqlite.rebuild":
        Finding(
          .notice, "leftover", "\(folder)/\(name) is of a rebuild that runs, or was cut off.",
          remedy: "Nothing: the next rebuild removes it.")
      case _ where name.hasSuffix(".partial"):
        Finding(
          .notice, "leftover", "\(folder)/\(name) is half a copy, of work that was cut off.",
          remedy: "Delete it when no provledger runs.")
      case _ where name.contains(".before-"):
        Finding(
          .notice, "old-copy", "\(folder)/\(name) is from before a change of the schema.",
          remedy: "Delete it when the new version has proved itself.")
      default: nil
      }
    }
  }

  // MARK: The disk

  private static let gigabyte: Int64 = 1 << 30

  func disk() -> [Finding] { space() + [fileSystem()] + synchronising() }

  private func space() -> [Finding] {
    guard let free = surroundings.freeBytes(folder) else {
      return [Finding(.notice, "disk-space-unknown", "How much room the disk of \(folder) has cannot be told.")]
    }
    let log = status("\(folder)/ledger.sqlite").map { Int64($0.st_size) } ?? 0
    let megabytes = free >> 20
    let facts: JSONValue = ["freeBytes": .integer(free), "logBytes": .integer(log)]
    if free < Self.gigabyte || free < log {
      let limit = free < Self.gigabyte ? "1 GB" : "the log itself (\(log >> 20) MB)"
      return [
        Finding(
          free < Self.gigabyte / 20 ? .failure : .warning, "disk-space",
          "\(megabytes) MB are free on the disk of \(folder), less than \(limit).",
          remedy: "Make room, or move the ledger to a larger disk while nothing runs.", facts: facts)
      ]
    }
    return [Finding(.ok, "disk-space", "\(megabytes) MB are free on the disk of \(folder).", facts: facts)]
  }

  private func fileSystem() -> Finding {
    let kind = surroundings.fileSystem(folder)
    switch kind {
    case let kind? where ["nfs", "nfs4", "smb3", "cifs", "9p", "ceph"].contains(kind) || kind.hasPrefix("fuse"):
      return Finding(
        .warning, "file-system",
        "\(folder) lies on \(kind): locks and durable writes cannot be relied on over a network.",
        remedy: "Move the ledger to a local disk.", facts: ["kind": .string(kind)])
    case let kind? where ["tmpfs", "ramfs", "overlay"].contains(kind):
      return Finding(
        .warning, "file-system", "\(folder) lies on \(kind): it is gone with the machine or the container.",
        remedy: "Move the ledger to a disk or a volume that stays.", facts: ["kind": .string(kind)])
    case let kind?:
      return Finding(.ok, "file-system", "\(folder) lies on \(kind).", facts: ["kind": .string(kind)])
    case nil: return Finding(.notice, "file-system-unknown", "The kind of the file system of \(folder) is not known.")
    }
  }

  private func synchronising() -> [Finding] {
    guard let span = surroundings.synchronising(folder) else {
      return [Finding(.notice, "fsync-unknown", "How fast the disk of \(folder) keeps data cannot be measured.")]
    }
    let microseconds = span / .microseconds(1)
    let text = "The disk of \(folder) takes \(Int(microseconds)) µs to keep 4 KiB"
    let facts: JSONValue = ["microseconds": .integer(Int64(microseconds))]
    if span > .milliseconds(50) {
      return [
        Finding(
          .warning, "fsync-slow", "\(text): appends wait that long.", remedy: "Use a faster disk for the ledger.",
          facts: facts)
      ]
    }
    if span < .microseconds(15) {
      return [
        Finding(
          .notice, "fsync-untrue", "\(text), faster than disks are: it may not wait for the disk at all.",
          remedy: "Look whether a cache is told to lie (nobarrier, a virtual machine's cache mode).", facts: facts)
      ]
    }
    return [Finding(.ok, "fsync", "\(text).", facts: facts)]
  }
}
