public import Base
import Foundation

/// A folder into which exports are dropped. The newest one that nobody writes any more counts; an older one says nothing
/// that it does not say, since each is whole.
public struct WatchedFolder: Sendable {
  /// One file, or one folder of pages, in it.
  public struct Export: Equatable, Sendable {
    /// Where it is.
    public var path: String
    /// When it was written last.
    public var modified: Timestamp

    /// What the log remembers of it: when it was written, and its name.
    public var mark: String { "\(modified) \((path as NSString).lastPathComponent)" }
  }

  /// How long nobody has written to an export that counts.
  static let settling = Duration.seconds(10)

  /// The folder.
  public let path: String

  /// A folder to look at.
  public init(path: String) { self.path = path }

  /// The newest export that was not written to for ten seconds; nil where there is none. Hidden ones, and those whose
  /// names end in `.part` or `.tmp`, are passed over. Throws `FaultCode.inputUnreadable`.
  public func newest(at now: Timestamp) throws -> Export? {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw Fault(
        .inputUnreadable, "the watched folder \(path) cannot be read; make it, and let this user read it.")
    }
    let exports = names.filter(Self.counts).compactMap { name -> Export? in
      let place = "\(path)/\(name)"
      return Self.modified(place).map { Export(path: place, modified: $0) }
    }
    return exports.filter { now - $0.modified >= Self.settling }
      .max { ($0.modified, $0.path) < ($1.modified, $1.path) }
  }

  private static func counts(_ name: String) -> Bool {
    !name.hasPrefix(".") && !name.hasSuffix(".part") && !name.hasSuffix(".tmp")
  }

  /// When a file, or anything in a folder of pages, was written last; nil for neither. What says that it was written later than
  /// it came here, by a clock that is wrong, was when it came.
  private static func modified(_ path: String) -> Timestamp? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    let own = min(Timestamp(status.st_mtim), Timestamp(status.st_ctim))
    switch status.st_mode & S_IFMT {
    case S_IFREG: return own
    case S_IFDIR:
      let pages = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      return pages.filter(counts).compactMap { modified("\(path)/\($0)") }.max()
    default: return nil
    }
  }
}

extension Timestamp {
  fileprivate init(_ time: timespec) {
    self.init(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
