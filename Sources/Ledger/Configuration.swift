public import Base
public import Provisioning

/// What `provledger.yaml` says. Secrets are not in it, only where they are found.
public struct Configuration: Equatable, Sendable {
  /// The name of the log, which every entry carries.
  public var origin: String
  /// The target: TeamViewer's SCIM endpoint, or another.
  public var target: TargetConfiguration
  /// The tenant that is read through Microsoft Graph; nil for none.
  public var graph: GraphConfiguration?
  /// The proxy on the way to other machines.
  public var proxy = ProxyConfiguration()
  /// When cycles run by themselves.
  public var cycles = CycleConfiguration()
  /// Who gets events as they come.
  public var feeds: [FeedConfiguration] = []
  /// When and how deliveries rest.
  public var delivery = DeliveryConfiguration()
  /// When monitoring is told that something wants attention.
  public var monitoring = MonitoringConfiguration()
  /// The log: its key, how often it is signed and read again, and who outside is told.
  public var log: LogConfiguration
  /// Who is to have an account.
  public var scope = ScopePolicy()
  /// What the directory's attributes become.
  public var mapping: Mapping
  /// How many people may turn inactive at once.
  public var safeguard: SafeguardLimits
  /// TeamViewer ids of accounts that are never disabled.
  public var protectedAccounts: Set<String>
  /// Where the master key is that wraps the subject keys; a relative path is meant from the ledger's folder.
  public var masterKey = SecretSource.file(Configuration.masterKeyFile)

  /// The most bytes that `provledger.yaml` may have.
  package static let limit = 1 << 20

  /// The name of the file that `init` makes for the master key.
  public static let masterKeyFile = "master.key"

  /// The rules of a cycle.
  public var policy: CyclePolicy { CyclePolicy(scope: scope, mapping: mapping, safeguard: safeguard) }
}

/// Where deliveries go.
public struct TargetConfiguration: Equatable, Sendable {
  /// The base URL; https, or http on loopback.
  public var url: String
  /// Where the bearer token is found.
  public var token: SecretSource
  /// How many calls may be on their way at once, 1 to 64.
  public var concurrency: Int
  /// How long a call may take, in seconds, 1 to 600.
  public var timeout: Int
  /// How long a connection may take to come about, in seconds, 1 to 600.
  public var connectTimeout = 10
  /// How long the first byte of an answer may take, in seconds, 1 to 600.
  public var firstByteTimeout = 30
  /// The file of certificates that are trusted beside the system's, absolute or in the ledger's folder; nil for none.
  public var certificates: String?
  /// What the target makes of a new address.
  public var profile = TargetProfile.teamViewer
  /// How accounts are changed.
  public var update = UpdateMethod.patch
  /// How many calls are allowed, by kind and window of time.
  public var quotas: [Quota] = []
  /// After how many hours TeamViewer is compared with the log, 1 to 8760; 0 for never by itself.
  public var reconcileHours = 24
  /// What follows when a comparison finds a difference.
  public var drift = DriftPolicy.report

  /// TeamViewer's own endpoint.
  public static let teamViewer = "https://webapi.teamviewer.com/scim/v2"
}

/// When deliveries rest, and when their rest is an alarm.
public struct DeliveryConfiguration: Equatable, Sendable {
  /// Planned times in which no call leaves.
  public var maintenance: [MaintenanceWindow] = []
  /// After how many faults in a row the circuit breaker opens, 1 to 1000.
  public var breakerFaults = 5
  /// After how many minutes without a good call, while work is pending, silence is an alarm, 1 to 10,080.
  public var silenceMinutes = 60
  /// After how many minutes in which nothing gets through a run until idle ends, 1 to 10,080; 0 for never.
  public var fruitlessMinutes = 15

  /// The defaults.
  public init() {}
}

/// What is no more than usual, for whoever watches the ledger.
public struct MonitoringConfiguration: Equatable, Sendable {
  /// How many people may be parked or given up, 0 to 1,000,000.
  public var parked = 0
  /// How many minutes work may be pending while no worker runs, 1 to 10,080.
  public var workerMinutes = 10
  /// How many hours events may be without a checkpoint, 1 to 8760.
  public var checkpointHours = 24
  /// How many days after the last proof of a backup the next is due, 1 to 365.
  public var backupDays = 7
  /// How many hours old the newest export in a watched folder may be, 1 to 8760.
  public var exportHours = 48

  /// The defaults.
  public init() {}
}

/// What concerns the log itself.
public struct LogConfiguration: Equatable, Sendable {
  /// The file of the private key, absolute or in the ledger's folder.
  public var key: String
  /// After how many events the worker signs a checkpoint, 1 to 1,000,000.
  public var checkpointEvents: Int
  /// After how many minutes it does when anything was appended, 1 to 1440.
  public var checkpointMinutes: Int
  /// In how many hours the worker has read the whole log again, 1 to 720.
  public var rehashHours: Int
  /// Which looks at people's data are recorded.
  public var looks = RecordedLooks.all
  /// Who outside is told of each checkpoint.
  public var anchors: [Anchor]
}

/// Which looks at people's data are events.
public enum RecordedLooks: String, CaseIterable, Sendable {
  /// Those at one person too.
  case all
  /// Those at many people, and whatever is taken out.
  case many
}

/// A place outside that keeps the log's checkpoints, best where the ledger's own administrator cannot write.
///
/// What it is called wherever it is shown is `OpenLedger.name(of:)`: a command's line may hold a secret.
public enum Anchor: Hashable, Sendable {
  /// A file to which notes are added; meant to lie on another machine's mount.
  case file(String)
  /// A command for `/bin/sh` that gets the note on its standard input and ends with 0 when it is kept.
  case command(String)
}
