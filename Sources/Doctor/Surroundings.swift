public import Base
import Cycles
import Foundation
import Glibc
public import Ledger
public import MicrosoftGraph
import Provisioning
import SCIM
public import TeamViewer

/// What a doctor looks at outside the ledger's own content: a value, so that a test can make a full disk.
public struct Surroundings: Sendable {
  /// The bytes that are free for this user on the disk of a folder; nil when nobody can say.
  public var freeBytes: @Sendable (_ folder: String) -> Int64?
  /// The kind of the file system of a folder, such as `ext4`; nil when nobody can say.
  public var fileSystem: @Sendable (_ folder: String) -> String?
  /// How long the disk takes to keep 4 KiB for good; nil when that cannot be measured.
  public var synchronising: @Sendable (_ folder: String) -> Duration?
  /// The present moment.
  public var now: @Sendable () -> Timestamp
  /// Asks Microsoft Graph, as a configuration in a folder says.
  public var graph: @Sendable (_ configuration: Configuration, _ folder: String) async throws -> SourceTest = Self.read
  /// Asks the target on the way that the configuration says, and holds its list against the ids of linked accounts.
  public var probe:
    @Sendable (_ url: String, _ token: String, _ route: Route, _ linked: Set<String>) async throws -> Probe

  /// What came of asking the target.
  public struct Probe: Sendable {
    /// Connection, token, permissions.
    public var test: TargetTest
    /// The target's clock, as its answer says, to the second.
    public var date: Timestamp?

    /// An answer.
    public init(test: TargetTest, date: Timestamp?) {
      self.test = test
      self.date = date
    }
  }

  /// Those of this machine; a call to the target may take 10 s.
  public static var real: Surroundings {
    Surroundings(
      freeBytes: { DiskRoom.free(in: $0) }, fileSystem: Self.kind, synchronising: Self.measure, now: SystemClock.now,
      probe: Self.ask)
  }

  /// The kind of the mount that a folder lies on, as /proc/self/mountinfo has it (proc_pid_mountinfo(5)).
  private static func kind(_ folder: String) -> String? {
    guard let data = FileManager.default.contents(atPath: "/proc/self/mountinfo") else { return nil }
    let path = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    var longest = -1
    var kind: String?
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      let halves = line.split(separator: " - ", maxSplits: 1)
      let fields = halves.first?.split(separator: " ") ?? []
      guard halves.count == 2, fields.count > 4 else { continue }
      let point = fields[4].replacing("\\040", with: " ")
      let isBelow = point == "/" || path == point || path.hasPrefix(point + "/")
      // A later mount hides an earlier one at the same place.
      guard isBelow, point.utf8.count >= longest else { continue }
      longest = point.utf8.count
      kind = halves[1].split(separator: " ").first.map(String.init)
    }
    return kind
  }

  /// The fastest of some attempts, in a file that never has a name and is gone at the end.
  private static func measure(_ folder: String) -> Duration? {
    // O_TMPFILE of Linux' fcntl.h, which Glibc's module does not show.
    let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY
    let descriptor = open(folder, unnamed | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let page = [UInt8](repeating: 0x5A, count: 4096)
    var best: Duration?
    for place in 0..<5 {
      let began = ContinuousClock.now
      guard pwrite(descriptor, page, page.count, off_t(place * page.count)) == page.count, fsync(descriptor) == 0
      else { return nil }
      let span = ContinuousClock.now - began
      best = min(best ?? span, span)
    }
    return best
  }

  @Sendable private static func read(_ configuration: Configuration, _ folder: String) async throws -> SourceTest {
    try await GraphConnection.using(configuration, folder: folder) { connection in
      try await SourceTest.run(connection.source, now: SystemClock.now())
    }
  }

  @Sendable private static func ask(
    _ url: String, _ token: String, _ route: Route, _ linked: Set<String>
  ) async throws -> Probe {
    let client = try SCIMClient(
      baseURL: url,
      configuration: .init(concurrency: 1, connectTimeout: .seconds(5), timeout: .seconds(10), route: route)
    ) { token }
    let test = await TargetTest.run(client, linked: linked)
    var date: Timestamp?
    if case .response(let response) = await client.get("/api/v1/ping"),
      case .date(let milliseconds) = response.headers["date"].flatMap(RetryAfter.init)
    {
      date = Timestamp(milliseconds: milliseconds)
    }
    await client.shutdown()
    return Probe(test: test, date: date)
  }
}
