import Base
import Foundation
import Ledger
import Synchronization

/// The token of a run: read once, so that every call of the run is made as the one account that was asked for.
///
/// A token that is put in place while the run goes on is noticed before the next call; it is another run that takes it
/// up, since it may be another account's, who must not be disabled either.
final class TargetToken: Sendable {
  /// What changes when a file is written: looked at for each call, since to read the file would be half of its cost.
  private struct Mark: Equatable {
    var file: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int

    init?(_ source: SecretSource) {
      guard case .file(let path) = source else { return nil }
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      (file, size) = (UInt64(status.st_ino), Int64(status.st_size))
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
  }

  private struct Kept {
    var token: String
    var mark: Mark?
    var isReplaced = false
  }

  private let source: SecretSource
  private let kept: Mutex<Kept>

  /// Reads the token. Throws `FaultCode.tokenMissing`.
  init(of ledger: OpenLedger) throws {
    source = ledger.configuration.target.token
    let mark = Mark(source)
    kept = Mutex(Kept(token: try source.token(), mark: mark))
  }

  /// The token of this run.
  var current: String { kept.withLock { $0.token } }

  /// Reads the token again, for a new run; where there is none now, the present one stays.
  func renew() {
    let mark = Mark(source)
    let token = try? source.token()
    kept.withLock { $0 = Kept(token: token ?? $0.token, mark: mark) }
  }

  /// True when another token than this run's has been put in place.
  var isReplaced: Bool {
    kept.withLock { kept in
      let mark = Mark(source)
      if mark != kept.mark {
        kept.mark = mark
        if let token = try? source.token() { kept.isReplaced = token != kept.token }
      }
      return kept.isReplaced
    }
  }
}
