import Base
import Foundation
import Glibc
import Testing

/// A folder that is gone when the test ends.
private final class Place {
  let root: String

  init() throws {
    root = "\(FileManager.default.temporaryDirectory.path)/provledger-files-\(randomName())"
    guard mkdir(root, 0o700) == 0 else { throw PrivateFile.Failure() }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }
}

@Suite("Files that others can reach")
struct FilesTests {
  private let place: Place
  private var root: String { place.root }

  init() throws { place = try Place() }

  private func path(_ name: String) -> String { "\(root)/\(name)" }

  private func put(_ text: String, _ name: String) throws -> String {
    try PrivateFile.make(Array(text.utf8), path: path(name))
    return path(name)
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try OutsideFile.read(path, limit: 1000), as: UTF8.self)
  }

  private func refusal(_ body: () throws -> Void) -> String? {
    do { try body() } catch let failure as PrivateFile.Failure { return failure.text } catch { return "\(error)" }
    return nil
  }

  private func kind(_ body: () throws -> Void) -> OutsideFile.Failure.Kind? {
    do { try body() } catch let failure as OutsideFile.Failure { return failure.kind } catch { return nil }
    return nil
  }

  // MARK: Reading

  @Test("a pipe in the place of a file is refused at once instead of being waited for")
  func pipe() {
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    #expect(kind { _ = try OutsideFile.read(path("pipe"), limit: 10) } == .notAFile)
    #expect(kind { _ = try OutsideFile.tail(path("pipe"), limit: 10) } == .notAFile)
    #expect(kind { _ = try OutsideFile.read(root, limit: 10) } == .notAFile)
    #expect(kind { _ = try OutsideFile.read("/dev/zero", limit: 10) } == .notAFile)
    #expect(kind { _ = try OutsideFile.read(path("none"), limit: 10) } == .missing)
  }

  @Test("a file that is larger than what is read of its kind is refused, not held in memory")
  func large() throws {
    let file = try put("12345", "file")
    #expect(try OutsideFile.read(file, limit: 5).count == 5)
    #expect(kind { _ = try OutsideFile.read(file, limit: 4) } == .tooLarge)
    // Three gigabytes without a block on the disk.
    #expect(truncate(file, 3 << 30) == 0)
    #expect(kind { _ = try OutsideFile.read(file, limit: 1 << 20) } == .tooLarge)
    #expect(try OutsideFile.tail(file, limit: 100).bytes == Array(repeating: 0, count: 100))
  }

  @Test("a file whose size the system does not tell is bounded all the same")
  func sizeless() {
    #expect(kind { _ = try OutsideFile.read("/proc/self/maps", limit: 10) } == .tooLarge)
  }

  @Test("lines come one by one, whole over the borders of pieces, and a long one is refused")
  func lines() throws {
    let wanted = (0..<9000).map { "line \($0) \(String(repeating: "x", count: $0 % 40))" }
    let file = try put(wanted.joined(separator: "\n"), "lines")
    var found: [String] = []
    var ends = 0
    try OutsideFile.lines(file, limit: 1 << 20, line: 60) { line, hasEnd in
      found.append(String(decoding: line, as: UTF8.self))
      ends += hasEnd ? 1 : 0
    }
    #expect(found == wanted && ends == wanted.count - 1)
    #expect(kind { try OutsideFile.lines(file, limit: 1 << 20, line: 20) { _, _ in } } == .tooLarge)
  }

  // MARK: Writing

  @Test("a link that was planted under a file's name is replaced, and what it leads to stays as it is")
  func plantedLink() throws {
    let victim = try put("keys", "victim")
    #expect(symlink(victim, path("list")) == 0)
    try PrivateFile.write(Array("new".utf8), path: path("list"))
    #expect(try text(victim) == "keys" && text(path("list")) == "new")
  }

  @Test("nothing is added to what a link or a second name leads to")
  func appendToLink() throws {
    let victim = try put("keys", "victim")
    #expect(symlink(victim, path("link")) == 0 && link(victim, path("twin")) == 0)
    for name in ["link", "twin"] {
      #expect(refusal { try PrivateFile.append(Array("note".utf8), path: path(name)) } != nil, "\(name)")
      #expect(throws: Fault.self) { try ProcessLock.take(path(name)) }
      #expect(throws: Fault.self) { try FileLock(path: path(name), fault: .logLock) }
    }
    #expect(try text(victim) == "keys")
  }

  @Test("a pipe is not written to, whether somebody reads it or not")
  func appendToPipe() {
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    #expect(refusal { try PrivateFile.append([1], path: path("pipe")) } != nil)
    let reader = Glibc.open(path("pipe"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    #expect(refusal { try PrivateFile.append([1], path: path("pipe")) } == "it is no regular file")
  }

  @Test("a file of another user in a folder of ours is not added to", .enabled(if: geteuid() == 0, "needs root"))
  func foreignOwner() throws {
    // Another user's file in a third one's folder: root's own would be taken.
    let file = try put("", "file")
    #expect(chown(file, 65_534, 65_534) == 0)
    #expect(refusal { try PrivateFile.append([1], path: file) } == "it belongs to another user")
  }

  @Test("a file is made anew with the mode that is asked for, and never over one that is there")
  func made() throws {
    let file = try put("", "file")
    #expect(refusal { try PrivateFile.make([1], path: file) } != nil)
    try PrivateFile.write([1], path: file, mode: 0o644)
    var status = stat()
    #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o644)
    #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["file"])
  }

  // MARK: Folders

  @Test("folders are made below a root, and a link on the way down is refused")
  func folders() throws {
    try OwnFolder.make("tile/entries", below: path("out"), mode: 0o755)
    try OwnFolder.make("tile/entries", below: path("out"), mode: 0o755)
    #expect(mkdir(path("elsewhere"), 0o700) == 0 && symlink(path("elsewhere"), path("out/link")) == 0)
    #expect(refusal { try OwnFolder.make("link/0", below: path("out"), mode: 0o755) } != nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path("elsewhere")).isEmpty)
  }

  @Test("a folder that others own or may write, or a link to one, is not taken for ours")
  func objections() throws {
    #expect(mkdir(path("own"), 0o755) == 0 && symlink(path("own"), path("link")) == 0)
    #expect(OwnFolder.objection(path("own")) == nil)
    #expect(OwnFolder.objection(path("link")) == "is a link")
    #expect(OwnFolder.objection(try put("", "file")) == "is no folder")
    #expect(chmod(path("own"), 0o777) == 0)
    #expect(OwnFolder.objection(path("own")) == "may be written by others")
    guard geteuid() == 0 else { return }
    #expect(chmod(path("own"), 0o700) == 0 && chown(path("own"), 65_534, 65_534) == 0)
    #expect(OwnFolder.objection(path("own")) == "belongs to another user")
  }
}
