import Base
import EventLog
import Foundation
import Glibc
import Subprocess
import SystemPackage

/// One run of an anchor's command: what it gets, and how it is made to end.
struct AnchorCommand {
  /// The line for `/bin/sh`. It may hold a secret, so no fault and no log message names it.
  let line: String
  /// What the anchor is called instead.
  let name: String

  /// The seconds that it may take.
  private static let patience = 60

  /// What of this process's environment a command gets: where programs and files are, and how people write. The token and
  /// the master key may stand beside.
  private static let inherited = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES",
  ]

  /// Runs the line, and beside it somebody who ends all of the process group within a second when whoever started it is
  /// gone. The system's own signal for that (PR_SET_PDEATHSIG) follows the thread that made the process, which here ends
  /// at once, and reaches the shell alone.
  private static let supervisor = """
    (while kill -0 "$PPID" 2>/dev/null; do sleep 1; done; kill -KILL 0) </dev/null >/dev/null 2>&1 & watch=$!
    /bin/sh -c "$1"; status=$?
    kill "$watch"
    exit "$status"
    """

  private static var environment: [Environment.Key: String] {
    let all = ProcessInfo.processInfo.environment
    return Dictionary(
      uniqueKeysWithValues: inherited.compactMap { name in all[name].map { (Environment.Key(stringLiteral: name), $0) }
      })
  }

  /// Runs it with a file as its standard input: one that does not read it to the end must not end us by a broken pipe.
  /// Throws `FaultCode.anchorFailed`.
  func run(input path: String) async throws {
    let status: TerminationStatus?
    do {
      status = try await end(input: try FileDescriptor.open(FilePath(path), .readOnly))
    } catch is CancellationError {
      throw Fault(.anchorFailed, "\(name) was ended before it was done.")
    } catch {
      // The error's own words would quote the line.
      throw Fault(.anchorFailed, "\(name) cannot be run; look whether /bin/sh is there and processes may be made.")
    }
    guard let status else {
      throw Fault(.anchorFailed, "\(name) did not end within \(Self.patience) s and was ended.")
    }
    guard case .exited(0) = status else { throw Fault(.anchorFailed, "\(name) ended with \(status).") }
  }

  /// How it ended; nil when it was ended because it took too long.
  private func end(input: FileDescriptor) async throws -> TerminationStatus? {
    try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
      group.addTask { try await start(input) }
      group.addTask {
        try await Task.sleep(for: .seconds(Self.patience))
        return nil
      }
      let first = try await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }

  /// In a process group of its own, so that what it started ends with it. What it says on standard error is passed on.
  private func start(_ input: FileDescriptor) async throws -> TerminationStatus {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
    ]
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", Self.supervisor, "sh", line], environment: .custom(Self.environment),
      platformOptions: options,
      input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .discarded, error: .currentStandardError
    ) { execution in
      execution.processIdentifier.value
    }
    // A shell that is gone may have left somebody who does not heed a polite signal.
    if Task.isCancelled { kill(-result.closureResult, SIGKILL) }
    return result.terminationStatus
  }
}

extension OpenLedger {
  /// What is wrong with who may write `provledger.yaml` and its folder, as a sentence; nil when nothing is. Commands of a
  /// configuration run only then: whoever can write it would run them as this user.
  public static func commandObjection(in folder: String) -> String? {
    let file = "\(folder)/\(File.configuration)"
    for path in [folder, file] {
      var status = stat()
      let isThere = path == file ? lstat(path, &status) : stat(path, &status)
      guard isThere == 0 else { return "\(path) cannot be looked at." }
      if status.st_mode & S_IFMT == S_IFLNK { return "\(path) is a link." }
      guard [geteuid(), 0].contains(status.st_uid) else { return "\(path) belongs to another user." }
      guard status.st_mode & 0o022 == 0 else { return "Others may write \(path)." }
    }
    return nil
  }
}
