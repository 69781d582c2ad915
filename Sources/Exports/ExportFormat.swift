public import Provisioning

/// The forms in which events leave the ledger.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// The entries of the log, what is sealed in them opened: one JSON object a line.
  case ndjson
  /// A row for each event (RFC 4180).
  case csv
  /// CloudEvents 1.0, in batches: one JSON array a line.
  case cloudevents
  /// Events of the Open Cybersecurity Schema Framework, one JSON object a line.
  case ocsf
  /// Microsoft Sentinel's normalised schema for user management, one JSON object a line.
  case asim
  /// ArcSight's Common Event Format, an event a line.
  case cef
  /// The answer of Microsoft Graph about provisioning: one JSON object.
  case entra
  /// The changes of Entra's portal, as CSV.
  case entraChanges = "entra-csv"
  /// The steps of these changes.
  case entraSteps = "entra-steps-csv"
  /// The properties that they changed.
  case entraProperties = "entra-properties-csv"
  /// Azure Monitor's table of Entra's provisioning logs, one JSON object a line.
  case sentinel
  /// Vanta's access file: every account as it is now.
  case vanta
  /// A SQLite database of events, changes, people and deliveries.
  case sqlite

  /// Whether it tells what is now, so that a later one does not go on behind it.
  public var isState: Bool { self == .vanta || self == .sqlite }
}

/// What the records of an export say beside the events.
public struct ExportSettings: Equatable, Sendable {
  /// The log's name.
  public var origin: String
  /// The version of this program.
  public var version: String
  /// The target's base URL.
  public var target: String
  /// Which release of OCSF is spoken.
  public var ocsf = OCSFVersion.v1_8
  /// How much of people is shown.
  public var privacy = ExportPrivacy.clear

  /// Settings of an export.
  public init(origin: String, version: String, target: String) {
    (self.origin, self.version, self.target) = (origin, version, target)
  }

  /// The product, as every format names it.
  static let product = "ProvisioningLedger"
  /// Its vendor, as every format names it.
  static let vendor = "ProvisioningLedger"
}
