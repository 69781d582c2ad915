public import Base
public import Provisioning

/// A receiver to which `serve` sends events as they come, as CEF over syslog.
public struct FeedConfiguration: Equatable, Sendable {
  /// The name under which the log remembers how far it went.
  public var name: String
  /// Where it is.
  public var destination: SyslogDestination
  /// The file of certificates that are trusted beside the system's, absolute or in the ledger's folder; nil for none.
  public var certificates: String?
  /// How much of people is shown.
  public var privacy = ExportPrivacy.clear

  /// A receiver.
  public init(name: String, to destination: SyslogDestination) { (self.name, self.destination) = (name, destination) }

  /// The same, with its file found from a ledger's folder.
  public func placed(in ledger: OpenLedger) -> FeedConfiguration {
    var feed = self
    feed.certificates = certificates.map(ledger.path(of:))
    return feed
  }

  /// Whether names would leave this machine readable by others.
  public var isExposed: Bool { !destination.isEncrypted && !destination.isLoopback && privacy == .clear }

  /// Reads one of `feeds`; nil for one that cannot be used, which is among the findings.
  init?(_ mapping: MappingReader) {
    var reader = mapping
    let (name, to) = (reader.text("name"), reader.text("to"))
    let certificates = reader.text("certificates", default: "")
    let privacy = reader.choice("privacy", default: ExportPrivacy.clear)
    reader.finish()
    if !GivenName.isValid(name) {
      reader.refuse("name", .name, "must be 1 to 64 letters, digits and . - _")
      return nil
    }
    guard let destination = SyslogDestination(to) else {
      reader.refuse("to", .url, "is \"\(to)\"; write it like tls://host.example:6514 or tcp://127.0.0.1:601")
      return nil
    }
    self.init(name: name, to: destination)
    (self.certificates, self.privacy) = (certificates.isEmpty ? nil : certificates, privacy)
    if isExposed {
      reader.refuse(
        "to", .contradiction,
        "would send names off this machine in clear; use tls://, or privacy: pseudonym or none")
    }
  }
}
