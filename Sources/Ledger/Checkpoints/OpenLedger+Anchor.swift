public import Base
import Crypto
public import EventLog
import Foundation
import Glibc
import Provisioning

/// Telling places outside of the log's checkpoints.
extension OpenLedger {
  /// What an anchor is called wherever it is shown or kept: a file by its path, a command by a keyed hash of its line,
  /// which may hold a secret.
  public func name(of anchor: Anchor) -> String {
    switch anchor {
    case .file(let path): return "file \(path)"
    case .command(let line):
      guard let key = try? secret(for: "anchor") else { return "command" }
      let code = HMAC<SHA256>.authenticationCode(for: Data(line.utf8), using: key)
      return "command \(Hex.text(Array(code.prefix(4))))"
    }
  }

  /// The anchors of the configuration, and how far each has been told.
  public func anchorStates() throws -> [AnchorState] {
    let known = try log.anchors()
    return configuration.log.anchors.map { anchor in
      let name = name(of: anchor)
      return known.first { $0.name == name } ?? AnchorState(name: name)
    }
  }

  /// Hands a checkpoint to one anchor and keeps how that went. Throws `FaultCode.anchorFailed`, and `logForked` when
  /// the anchor's file holds a checkpoint that the log does not continue; the reason is kept for `status` too.
  public func tell(_ anchor: Anchor, of checkpoint: SignedCheckpoint) async throws {
    // Two who tell at once would both find the note missing, and a file would get it twice.
    let turn = try await lock(.anchor) { _ in }
    defer { withExtendedLifetime(turn) {} }
    let name = name(of: anchor)
    do {
      switch anchor {
      case .file(let path):
        try add(checkpoint, to: path)
        try keepErasures(in: path + ".erasures")
      case .command(let line): try await run(line, with: checkpoint.note)
      }
    } catch let fault as Fault {
      try await log.record(anchor: name, failedWith: fault.sentence)
      throw fault
    }
    try await log.record(anchor: name, took: checkpoint.size)
  }

  /// Adds the note behind those that are there, unless it is there already.
  private func add(_ checkpoint: SignedCheckpoint, to path: String) throws {
    let last: SignedCheckpoint?
    do { last = try SignedCheckpoint.last(in: path) } catch let failure as OutsideFile.Failure {
      throw failure.fault(.anchorFailed, path, "name a file on another machine's mount.")
    }
    if let last {
      guard last.checkpoint.origin == checkpoint.checkpoint.origin else {
        throw Fault(
          .anchorFailed, "\(path) holds checkpoints of the log \(last.checkpoint.origin); name another file.")
      }
      // Here a log that was cut or rewritten as a whole shows.
      try log.requireContinuation(of: last.checkpoint)
      if last.size >= checkpoint.size { return }
    }
    do {
      try PrivateFile.append(Array(((last == nil ? "" : "\n") + checkpoint.note.description).utf8), path: path)
    } catch let failure as PrivateFile.Failure {
      throw Fault(.anchorFailed, "\(path) cannot be written: \(failure.text). Check the mount and its permissions.")
    }
  }

  private func run(_ line: String, with note: SignedNote) async throws {
    let command = AnchorCommand(line: line, name: name(of: .command(line)))
    if let objection = commandObjection {
      throw Fault(
        .anchorFailed,
        "\(command.name) is not run, since others could have written it: \(objection) Look at provledger.yaml, then chown and chmod it."
      )
    }
    let path = "\(folder)/\(File.anchorNote)"
    defer { unlink(path) }
    do { try PrivateFile.write(Array(note.description.utf8), path: path) } catch let failure as PrivateFile.Failure {
      throw Fault(.anchorFailed, "\(path) cannot be written: \(failure.text). Check the disk and the permissions.")
    }
    try await command.run(input: path)
  }

  /// Hands the newest checkpoint to every anchor that has not got it; those that fail do not keep it from the others.
  /// Returns the faults by anchor.
  public func tellAnchors(of checkpoint: SignedCheckpoint, _ anchors: [Anchor]? = nil) async throws -> [Anchor: Fault] {
    // Former programs kept the lines of commands as names.
    try await log.forgetAnchors(except: configuration.log.anchors.map { name(of: $0) })
    var faults: [Anchor: Fault] = [:]
    for anchor in anchors ?? configuration.log.anchors {
      do {
        try await tell(anchor, of: checkpoint)
      } catch let fault as Fault {
        faults[anchor] = fault
      }
    }
    return faults
  }
}
