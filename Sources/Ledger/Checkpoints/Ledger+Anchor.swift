public import Base
public import EventLog
import Foundation
import Glibc
import Provisioning
import Subprocess
import SystemPackage

/// Telling places outside of the log's checkpoints.
extension Ledger {
  /// The seconds that an anchor's command may take.
  private static let patience = 60

  /// The anchors of the configuration, and how far each has been told.
  public func anchorStates() throws -> [AnchorState] {
    let known = try log.anchors()
    return configuration.log.anchors.map { anchor in
      known.first { $0.name == anchor.name } ?? AnchorState(name: anchor.name)
    }
  }

  /// Hands a checkpoint to one anchor and keeps how that went. Throws `FaultCode.anchorFailed`, and `logForked` when
  /// the anchor's file holds a checkpoint that the log does not continue; the reason is kept for `status` too.
  public func tell(_ anchor: Anchor, of checkpoint: SignedCheckpoint) async throws {
    // Two who tell at once would both find the note missing, and a file would get it twice.
    let turn = try await lock(.anchor) { _ in }
    defer { withExtendedLifetime(turn) {} }
    do {
      switch anchor {
      case .file(let path):
        try add(checkpoint, to: path)
        try keepErasures(in: path + ".erasures")
      case .command(let line): try await run(line, with: checkpoint.note)
      }
    } catch let fault as Fault {
      try await log.record(anchor: anchor.name, failedWith: fault.sentence)
      throw fault
    }
    try await log.record(anchor: anchor.name, took: checkpoint.size)
  }

  /// Adds the note behind those that are there, unless it is there already.
  private func add(_ checkpoint: SignedCheckpoint, to path: String) throws {
    let content = FileManager.default.contents(atPath: path) ?? Data()
    let last = try SignedNote.all(in: Array(content), named: path).last.map { try SignedCheckpoint($0) }
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

  /// The note goes in as a file: a command that does not read it to the end must not end us by a broken pipe.
  private func run(_ line: String, with note: SignedNote) async throws {
    let path = "\(folder)/\(File.anchorNote)"
    defer { unlink(path) }
    let status: TerminationStatus?
    do {
      try PrivateFile.write(Array(note.description.utf8), path: path)
      status = try await Self.run(line, input: try FileDescriptor.open(FilePath(path), .readOnly))
    } catch {
      throw Fault(.anchorFailed, "The anchor's command cannot be run: \(error). It was: \(line)")
    }
    guard let status else {
      throw Fault(.anchorFailed, "The anchor's command did not end within \(Self.patience) s: \(line)")
    }
    guard case .exited(0) = status else {
      throw Fault(.anchorFailed, "The anchor's command ended with \(status): \(line)")
    }
  }

  /// How a command ended; nil when it was ended because it took too long. What it says on standard error is passed on.
  private static func run(_ line: String, input: FileDescriptor) async throws -> TerminationStatus? {
    try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
      group.addTask {
        try await Subprocess.run(
          .path("/bin/sh"), arguments: ["-c", line],
          input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .discarded,
          error: .currentStandardError
        ).terminationStatus
      }
      group.addTask {
        try await Task.sleep(for: .seconds(patience))
        return nil
      }
      let first = try await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }

  /// Hands the newest checkpoint to every anchor that has not got it; those that fail do not keep it from the others.
  /// Returns the faults by anchor.
  public func tellAnchors(of checkpoint: SignedCheckpoint, _ anchors: [Anchor]? = nil) async throws -> [Anchor: Fault] {
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
