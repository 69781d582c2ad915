import Base
import Foundation
import Testing

@Suite("Room on a disk")
struct DiskRoomTests {
  @Test("a folder has room or not; where nobody can tell, none is said to be missing")
  func short() {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(DiskRoom.free(in: folder) != nil)
    #expect(DiskRoom.isShort(in: folder, least: .max))
    #expect(!DiskRoom.isShort(in: folder, least: 0))
    #expect(DiskRoom.free(in: "/proc") == nil && !DiskRoom.isShort(in: "/proc", least: .max))
    #expect(DiskRoom.free(in: "\(folder)/no-such-folder") == nil)
  }
}
