public import Base
public import EventLog
import Foundation
import Glibc
public import Logging
public import Provisioning
public import Sealing
public import Views

/// One ledger folder opened: configuration, log, keys, views, locks. What every command starts from.
///
/// The folder is private (0700): views and keys hold personal data in clear.
public final class OpenLedger: Sendable {
  /// The folder's path.
  public let folder: String
  /// What `provledger.yaml` says.
  public let configuration: Configuration
  /// The text of `provledger.yaml`.
  public let configurationText: String
  /// The log.
  public let log: Log
  /// The subject keys.
  public let keys: SubjectKeys
  /// Events of the core to events of the log and back.
  public let codec: EventCodec
  /// The views.
  public let views: ViewStore
  /// The human who uses this ledger, as far as the machine tells.
  public let identity: OperatorIdentity?
  /// Why no command of the configuration is run; nil when the file and its folder are ours alone to write. As it was
  /// when the configuration was read.
  let commandObjection: String?
  /// Why nothing is written to the folder; nil when it may be. All that only reads works all the same.
  public let protection: WriteProtection?
  /// The position of an erasure that the key file noted as carried out, where the log ends before it: the log does not hold all
  /// erasures. As it was when this opened.
  package let erasuresBeyond: Int64?
  /// The clock of everything that this ledger records.
  public let clock: @Sendable () -> Timestamp

  /// The files of a ledger.
  package enum File {
    package static let log = "ledger.sqlite"
    package static let keys = "keys.sqlite"
    package static let views = "views.sqlite"
    package static let audit = "audit.sqlite"
    package static let configuration = "provledger.yaml"
    package static let logKey = "log.key"
    package static let anchorNote = "anchor.note"
    package static let rehash = "rehash.state"
    package static let cycleState = "cycle.state"
    package static let backupBegun = "backup.begun"
    package static let appendLock = "append.lock"
  }

  /// Opens a ledger. Throws `FaultCode.ledgerMissing`, and the faults of its parts.
  ///
  /// `master` is where the master key is, where not where the configuration says.
  /// With `isReadOnly` nothing can be appended, and an erasure that was cut off stays so; views that are missing, or are
  /// another version's, are made empty all the same.
  public init(
    folder: String, logger: Logger, isReadOnly: Bool = false, identity: OperatorIdentity? = nil,
    master: SecretSource? = nil, clock: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) throws {
    let path = Self.configurationPath(in: folder)
    try Self.requirePresence(in: folder)
    commandObjection = Self.commandObjection(in: folder)
    let text = try Self.configurationText(path)
    self.folder = folder
    self.clock = clock
    self.identity = identity
    configuration = try Configuration(yaml: text, file: path)
    configurationText = text
    try Self.requireKeys(in: folder)
    let protection = WriteProtection(folder, log: "\(folder)/\(File.log)")
    let isFixed = protection != nil
    self.protection = protection
    keys = try SubjectKeys(
      path: "\(folder)/\(File.keys)", master: master ?? configuration.masterKey.seen(from: folder), isFixed: isFixed)
    codec = EventCodec(keys: keys, clock: clock)
    log = try Log(
      path: "\(folder)/\(File.log)", lockPath: "\(folder)/\(File.appendLock)", origin: configuration.origin,
      clock: clock, logger: logger, readOnly: isReadOnly, isFixed: isFixed)
    let noted = try keys.erasedUpTo()
    erasuresBeyond = try noted > log.lastPosition() ? noted : nil
    let shown = "\(folder)/\(File.views)"
    views =
      isFixed
      ? try ViewStore(fixed: shown, log: log, codec: codec) : try ViewStore(path: shown, log: log, codec: codec)
    if isReadOnly || isFixed { return }
    ProofFolder.removeLeftovers(in: folder)
    try resumeErasures()
  }

  /// Makes a ledger in a folder that does not exist or is empty. Throws `FaultCode.ledgerExists`,
  /// `FaultCode.ledgerCannotCreate`, and the faults of its parts.
  public static func create(
    folder: String, url: String, token: SecretSource, master: SecretSource = .file(Configuration.masterKeyFile),
    origin: String?, logger: Logger,
    clock: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) throws {
    let files = FileManager.default
    if let content = try? files.contentsOfDirectory(atPath: folder), !content.isEmpty {
      throw Fault(.ledgerExists, "\(folder) is not empty; name a new folder with --ledger.")
    }
    let origin = origin ?? "provledger.local/\(randomName())"
    let text = Configuration.template(origin: origin, url: url, token: token, master: master)
    _ = try Configuration(yaml: text, file: File.configuration)
    let logKey = try LogKey(origin: origin)
    // Made beside and then moved, so that a crash leaves no half a ledger.
    let folder = URL(fileURLWithPath: folder).path
    let exists = files.fileExists(atPath: folder)
    if exists, let objection = OwnFolder.objection(folder, beforeMadePrivate: true) {
      throw Fault(.ledgerCannotCreate, "\(folder) \(objection); name a new folder, or one that is yours.")
    }
    let beside = exists ? folder : "\(folder).\(randomName())"
    defer { if !exists { try? files.removeItem(atPath: beside) } }
    do {
      try files.createDirectory(
        at: URL(fileURLWithPath: folder).deletingLastPathComponent(), withIntermediateDirectories: true)
      // The last name is made strictly: what is there already is somebody else's.
      guard exists ? chmod(beside, 0o700) == 0 : mkdir(beside, 0o700) == 0 else { throw PrivateFile.Failure() }
      try PrivateFile.make(Array(text.utf8), path: "\(beside)/\(File.configuration)")
    } catch {
      throw Fault(.ledgerCannotCreate, "\(folder) cannot be made; check that you may write there.")
    }
    try LogKey.write([logKey], path: "\(beside)/\(File.logKey)")
    let place = master.seen(from: beside)
    if case .file = place, try place.masterKey() == nil { try place.write(MasterKey()) }
    let keys = try SubjectKeys(path: "\(beside)/\(File.keys)", master: place)
    let log = try Log(
      path: "\(beside)/\(File.log)", lockPath: "\(beside)/\(File.appendLock)", origin: origin, clock: clock,
      logger: logger)
    try log.close()
    try keys.setMark(Self.mark(ofFolder: beside))
    try keys.close()
    guard exists || rename(beside, folder) == 0 else {
      throw Fault(.ledgerCannotCreate, "\(folder) cannot be made; check that you may write there.")
    }
  }

  /// Appends events in one transaction, each done by `actor`; durable when it returns, with their positions. Whoever acts
  /// for an operator goes through `Operations`.
  @discardableResult
  package func append(_ events: [Event], actor: Actor) async throws -> [Int64] {
    try requireWritable()
    return try await log.append(try codec.encode(events, actor: actor))
  }

  /// Throws `FaultCode.ledgerProtected` where nothing may be written.
  public func requireWritable() throws {
    if let protection { throw protection.fault }
  }

  /// The configuration that the log recorded last, and where; nil when it recorded none. Throws the faults of the log and
  /// of unsealing.
  package func recordedConfiguration() throws -> (text: String, position: Int64)? {
    try Self.recordedConfiguration(in: log, codec)
  }

  /// As above, of a log that is open alone.
  package static func recordedConfiguration(
    in log: Log, _ codec: EventCodec
  ) throws -> (text: String, position: Int64)? {
    let stream = Stream.configuration.description
    let version = try log.version(of: stream)
    guard version > 0, let newest = try log.read(stream: stream, fromVersion: version, limit: 1).first,
      case .configurationApplied(let applied) = try codec.decode(newest).payload
    else { return nil }
    return (applied.text, newest.position)
  }

  /// Whether the text of any configuration that was ever recorded names something. Throws as `recordedConfiguration` does.
  package func everConfigured(_ word: String) throws -> Bool {
    try log.events(of: [Stream.configuration.description]).contains { recorded in
      guard case .configurationApplied(let applied) = try codec.decode(recorded).payload else { return false }
      return applied.text.contains(word)
    }
  }

  /// What an operator should hear about a configuration that is not recorded yet: a custom identifier that changes
  /// breaks single sign-on for the accounts made with it (TeamViewer's guide "Single Sign-On (SSO)").
  public func configurationWarning() throws -> String? {
    guard let text = try recordedConfiguration()?.text,
      let last = try? Configuration(yaml: text, file: File.configuration),
      let identifier = last.mapping.ssoCustomerId, identifier != configuration.mapping.ssoCustomerId
    else { return nil }
    return
      """
      Warning: mapping.ssoCustomerId differs from the one used before; accounts made with a wrong identifier cannot \
      sign in. Restore it unless the single sign-on set-up itself was made anew.
      """
  }

  /// Reads the bearer token from where the configuration says. Throws `FaultCode.tokenMissing`.
  public func token() throws -> String { try configuration.target.token.token() }

  /// Closes log, keys and views.
  public func close() throws {
    try views.close()
    try log.checkpointWAL()
    try log.close()
    try keys.close()
  }
}
