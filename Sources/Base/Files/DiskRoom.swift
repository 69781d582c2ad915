import Glibc

/// How much room a disk has left.
public enum DiskRoom {
  /// With less than this a database cannot be relied on to be opened or written: its index of the write-ahead log alone
  /// grows by 32 KiB.
  public static let least: Int64 = 256 * 1024

  /// The bytes that this user may still write in a folder; nil when nobody can tell.
  public static func free(in folder: String) -> Int64? {
    var disk = statvfs()
    guard statvfs(folder, &disk) == 0, disk.f_blocks > 0 else { return nil }
    return Int64(clamping: UInt64(disk.f_bavail) * UInt64(disk.f_frsize))
  }

  /// Whether a folder has so little room that a database's failure there is for want of it.
  public static func isShort(in folder: String, least: Int64 = DiskRoom.least) -> Bool {
    guard let bytes = Self.free(in: folder) else { return false }
    return bytes < least
  }
}
