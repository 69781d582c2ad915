public import Base
public import Crypto
import Foundation
import JSON

/// The verification of the whole log that goes on in the background, again and again, a piece at a time: where it is,
/// and how the last one ended.
///
/// A value: keep `sealed` in a file, and go on from it after a start.
public struct Rehash: Sendable {
  /// How a verification ended.
  public struct Outcome: Equatable, Sendable {
    /// When.
    public let finished: Timestamp
    /// The number of entries that it read.
    public let size: Int64
    /// The number of things that were wrong, at most `Verification.limit`.
    public let findings: Int
    /// The first of them, in words.
    public let first: String?

    /// How a verification of the whole log ended at a moment.
    public init(_ verification: Verification, finished: Timestamp) {
      self.init(
        finished: finished, size: verification.size, findings: verification.findings.count,
        first: verification.findings.first?.description)
    }

    init(finished: Timestamp, size: Int64, findings: Int, first: String?) {
      self.finished = finished
      self.size = size
      self.findings = findings
      self.first = first
    }
  }

  /// How the last one ended; nil when none did yet.
  public private(set) var last: Outcome?
  private var run: VerificationRun?

  /// None was begun yet.
  public init() {}

  /// How far the one under way is; nil between two.
  public var progress: VerificationProgress? { run?.progress }

  /// The pause after each step, so that the whole log is read in about `span`.
  public func pause(toTake span: Duration) -> Duration { run?.pause(toTake: span) ?? .zero }

  /// Reads the next piece of the log, and begins anew after the last; returns how the verification ended when this was
  /// its last piece. Throws as `Log.advance` does, after which the same piece comes again.
  public mutating func step(_ log: Log, _ scope: VerificationScope) throws -> Outcome? {
    var run = try run ?? log.begin(scope)
    try log.advance(&run, scope)
    guard let result = run.result else {
      self.run = run
      return nil
    }
    let outcome = Outcome(result, finished: log.clock())
    self.run = nil
    last = outcome
    return outcome
  }

  /// Takes over how another reading of the whole log ended, when it is newer than the last one here.
  public mutating func adopt(_ other: Outcome?) {
    if let other, last.map({ $0.finished < other.finished }) ?? true { last = other }
  }

  // MARK: Keeping it

  private static let associated = Data("provledger/rehash/1".utf8)

  private static func key(_ secret: SymmetricKey) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, info: associated, outputByteCount: 32)
  }

  /// All of it, sealed under a secret that nobody knows who may not write the log. Throws CryptoKit's errors, which do
  /// not occur.
  public func sealed(under secret: SymmetricKey) throws -> [UInt8] {
    let json: JSONValue = [
      "run": run?.json ?? .null,
      "last": last.map { last in
        [
          "finished": .integer(last.finished.milliseconds), "size": .integer(last.size),
          "findings": .integer(Int64(last.findings)), "first": last.first.map(JSONValue.string) ?? .null,
        ]
      } ?? .null,
    ]
    let box = try AES.GCM.seal(
      Data(json.canonicalBytes), using: Self.key(secret), authenticating: Self.associated)
    return Array(box.combined ?? Data())
  }

  /// Opens what `sealed` made; nil when the secret is another, or it was changed.
  public init?(sealed bytes: [UInt8], under secret: SymmetricKey) {
    guard let box = try? AES.GCM.SealedBox(combined: Data(bytes)),
      let data = try? AES.GCM.open(box, using: Self.key(secret), authenticating: Self.associated),
      let json = try? JSONParser.parse(Array(data))
    else { return nil }
    run = json["run"].flatMap(VerificationRun.init(json:))
    guard let last = json["last"], let finished = last["finished"]?.integer, let size = last["size"]?.integer,
      let findings = last["findings"]?.integer
    else { return }
    self.last = Outcome(
      finished: Timestamp(milliseconds: Int64(finished)), size: Int64(size), findings: findings,
      first: last["first"]?.string)
  }

  /// Forgets the verification under way unless the log still begins as it did when this was kept, and unless it is
  /// younger than `age`. Call it after opening what was kept. Throws as `Log.head` does.
  public mutating func settle(_ log: Log, within age: Duration) throws {
    guard let run else { return }
    let span = log.clock() - run.began
    if span < .zero || span > age { self.run = nil } else if try !run.stillFits(log) { self.run = nil }
  }
}
