public import Provisioning

/// What `provledger.yaml` says. Secrets are not in it, only where they are found.
public struct Configuration: Equatable, Sendable {
  /// The name of the log, which every entry carries.
  public var origin: String
  /// The target: TeamViewer's SCIM endpoint, or another.
  public var target: TargetConfiguration
  /// What the directory's attributes become.
  public var mapping: Mapping
  /// How many people may turn inactive at once.
  public var safeguard: SafeguardLimits
  /// TeamViewer ids of accounts that are never disabled.
  public var protectedAccounts: Set<String>
  /// Where the master key is that wraps the subject keys; a relative path is meant from the ledger's folder.
  public var masterKey = TokenSource.file(Configuration.masterKeyFile)

  /// The name of the file that `init` makes for the master key.
  public static let masterKeyFile = "master.key"

  /// The rules of a cycle.
  public var policy: CyclePolicy { CyclePolicy(mapping: mapping, safeguard: safeguard) }
}

/// Where deliveries go.
public struct TargetConfiguration: Equatable, Sendable {
  /// The base URL; https, or http on loopback.
  public var url: String
  /// Where the bearer token is found.
  public var token: TokenSource
  /// How many calls may be on their way at once, 1 to 64.
  public var concurrency: Int
  /// How long a call may take, in seconds, 1 to 600.
  public var timeout: Int

  /// TeamViewer's own endpoint.
  public static let teamViewer = "https://webapi.teamviewer.com/scim/v2"
}

/// Where a secret is found.
public enum TokenSource: Equatable, Sendable {
  /// In an environment variable.
  case environment(String)
  /// In a file, white space at its ends ignored.
  case file(String)
}
