import Base
import EventLog
import FaultVFS
import Foundation
import Logging
import Provisioning
import Sealing

/// A folder on a disk that fails on demand and can lose its power; gone when the test ends.
///
/// Unchecked, since the pointer never changes and every function that it is given to takes one mutex.
final class Disk: @unchecked Sendable {
  let path: String
  private let site: OpaquePointer

  struct Refused: Error {}

  /// `seed` decides what is torn and lost; `survival` of a hundred writes that were not synchronised last all the same.
  convenience init(seed: UInt64 = 1, survival: Int = 50) throws {
    guard fault_install() == 0 else { throw Refused() }
    let path = try Self.folder()
    guard let site = fault_site_new(path, seed, Int32(survival)) else { throw Refused() }
    self.init(path: path, site: site)
  }

  private init(path: String, site: OpaquePointer) {
    (self.path, self.site) = (path, site)
  }

  deinit {
    fault_site_free(site)
    try? FileManager.default.removeItem(atPath: path)
  }

  private static func folder() throws -> String {
    let url = FileManager.default.temporaryDirectory.appending(path: "disk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }

  // MARK: What lies on it

  func log(readOnly: Bool = false) throws -> Log {
    try Log(
      path: path + "/ledger.sqlite", lockPath: path + "/ledger.lock", origin: "example.org/test",
      clock: { moment }, logger: quiet, readOnly: readOnly)
  }

  /// The subject keys. Their master key lies elsewhere, and the same one serves what is left of the disk.
  func keys() throws -> SubjectKeys {
    let master = SecretSource.file(path + "/master.key")
    if try master.masterKey() == nil, let key = MasterKey(Array(repeating: UInt8(7), count: 32)) {
      try master.write(key)
    }
    return try SubjectKeys(path: path + "/keys.sqlite", master: master)
  }

  // MARK: What goes wrong

  struct Calls: OptionSet, CustomStringConvertible, Sendable {
    let rawValue: Int
    static let open = Calls(rawValue: FAULT_OPEN)
    static let read = Calls(rawValue: FAULT_READ)
    static let write = Calls(rawValue: FAULT_WRITE)
    static let truncate = Calls(rawValue: FAULT_TRUNCATE)
    static let sync = Calls(rawValue: FAULT_SYNC)
    static let size = Calls(rawValue: FAULT_SIZE)
    static let lock = Calls(rawValue: FAULT_LOCK)
    static let shmMap = Calls(rawValue: FAULT_SHM_MAP)
    static let shmLock = Calls(rawValue: FAULT_SHM_LOCK)
    static let delete = Calls(rawValue: FAULT_DELETE)
    static let access = Calls(rawValue: FAULT_ACCESS)
    static let all = Calls(rawValue: FAULT_ALL)

    private static let names = [
      "open", "read", "write", "truncate", "sync", "size", "lock", "shmMap", "shmLock", "delete", "access",
    ]

    var description: String {
      Self.names.enumerated().filter { rawValue & 1 << $0.offset != 0 }.map(\.element).joined(separator: "+")
    }
  }

  /// Lets calls fail from the `first` on, `count` of them; `code` is SQLite's, 0 the call's own I/O error.
  func fail(_ calls: Calls, on suffix: String? = nil, from first: Int = 1, count: Int = .max, as code: Int32 = 0) {
    fault_site_fail(site, Int32(calls.rawValue), suffix, Int64(first), Int64(count), code)
  }

  func garble(page: Int, _ kind: Int) { fault_site_garble(site, Int64(page), 8192, Int32(kind)) }
  func makeReadOnly() { fault_site_read_only(site) }
  func mend() { fault_site_mend(site) }

  var failures: Int { Int(fault_site_failures(site)) }
  func calls(_ call: Calls, on suffix: String? = nil) -> Int {
    Int(fault_site_calls(site, Int32(call.rawValue), suffix))
  }
  func unsynced(_ suffix: String? = nil) -> Int { Int(fault_site_unsynced(site, suffix)) }

  // MARK: What is left of it

  /// What is there after a power loss, on a disk that works.
  func afterPowerLoss(seed: UInt64 = 1, survival: Int = 50) throws -> Disk { try copy(true, seed, survival) }

  /// What is there after the end of all processes, on a disk that works; a later power loss can still take of it what
  /// was not synchronised here.
  func afterKill(seed: UInt64 = 1, survival: Int = 50) throws -> Disk { try copy(false, seed, survival) }

  private func copy(_ isPowerLoss: Bool, _ seed: UInt64, _ survival: Int) throws -> Disk {
    let path = try Self.folder()
    guard let site = fault_site_copy(site, path, isPowerLoss ? 1 : 0, seed, Int32(survival)) else { throw Refused() }
    return Disk(path: path, site: site)
  }
}

let moment = Timestamp(milliseconds: 1_700_000_000_123)
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
