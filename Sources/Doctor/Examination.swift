import Base
import EventLog
import Foundation
import JSON
import Ledger
import Logging
import Provisioning

/// Looks at everything that a ledger needs to run, and names what is wrong with the way out.
///
/// Appends nothing and repairs nothing, and goes on as far as it can where a part is missing or cannot be opened.
public struct Examination: Sendable {
  let folder: String
  let surroundings: Surroundings
  let asksTarget: Bool

  /// A doctor for the ledger in a folder; `asksTarget` false leaves out all that needs the network.
  public init(folder: String, asksTarget: Bool = true, surroundings: Surroundings = .real) {
    self.folder = folder
    self.asksTarget = asksTarget
    self.surroundings = surroundings
  }

  /// Everything that was looked at, in the order of the layers: folder, disk, configuration, ledger, target.
  public func examine() async -> [Finding] {
    if let refusal = OpenLedger.refusal(toLookInto: folder) { return [Self.finding(refusal)] }
    guard
      FileManager.default.fileExists(atPath: "\(folder)/provledger.yaml")
        || FileManager.default.fileExists(atPath: "\(folder)/ledger.sqlite")
    else {
      return [
        Finding(
          .failure, "ledger-missing", "There is no ledger in \(folder).",
          remedy: "Name another folder with --ledger, or make one with `provledger init`.")
      ]
    }
    var findings = files() + disk() + Self.database(.running)
    let configuration: Configuration?
    do {
      configuration = try Self.configuration(folder)
      findings.append(Finding(.ok, "configuration", "provledger.yaml can be read."))
    } catch {
      configuration = nil
      findings.append(Self.finding(error, remedy: "Put provledger.yaml right."))
    }
    if let configuration {
      findings += secrets(configuration) + ledger(configuration)
      if asksTarget {
        findings += await target(configuration)
        findings += await graph(configuration)
      }
    }
    return findings
  }

  private static func configuration(_ folder: String) throws -> Configuration {
    let path = "\(folder)/provledger.yaml"
    guard let text = OutsideFile.text(path, limit: Configuration.limit) else {
      throw Fault(.configurationUnreadable, "\(path) cannot be read as UTF-8 text.")
    }
    return try Configuration(yaml: text, file: path)
  }

  /// Words for faults that a part of the ledger throws when it cannot be opened.
  private static let words: [FaultCode: String] = [
    .ledgerMissing: "log-missing", .ledgerForbidden: "folder-forbidden",
    .configurationUnreadable: "configuration-unreadable",
    .configurationSyntax: "configuration-syntax", .configurationKey: "configuration-key",
    .configurationValue: "configuration-value", .tokenMissing: "token-missing", .keysMissing: "keys-missing",
    .masterKeyMissing: "master-key-missing", .masterKeyWrong: "master-key-wrong",
    .masterKeyUnusable: "master-key-unusable", .keysDamaged: "keys-damaged", .keysUnreadable: "keys-unreadable",
    .keysNewer: "keys-newer", .keysReadOnly: "keys-read-only", .logUnreadable: "log-unreadable",
    .logNewer: "log-newer", .logNotDurable: "log-not-durable", .logDamaged: "log-damaged", .logBusy: "log-busy",
    .logReadOnly: "log-read-only", .viewsDamaged: "views-damaged", .targetURL: "target-url",
    .targetTokenMalformed: "token-malformed", .targetToken: "token-refused", .targetPermission: "permission-missing",
    .targetUnreachable: "target-unreachable", .targetName: "target-name-unknown", .targetTLS: "target-tls",
    .targetHTML: "target-web-page", .targetNotSCIM: "target-not-scim", .targetFault: "target-fault",
    .targetRateLimited: "target-rate-limited", .targetList: "target-list-not-whole",
    .proxyCredentialsMissing: "proxy-credentials-missing", .proxyURL: "proxy-url",
    .proxyUnreachable: "proxy-unreachable", .proxyRefused: "proxy-refused", .proxyCredentials: "proxy-credentials",
    .certificatesUnusable: "certificates-unusable", .graphURL: "graph-url", .graphTenant: "graph-tenant-unknown",
    .graphClient: "graph-client-unknown", .graphSecret: "graph-secret-refused",
    .graphSecretExpired: "graph-secret-expired", .graphCertificate: "graph-certificate-refused",
    .graphCredentials: "graph-credentials-unreadable", .graphSignIn: "graph-sign-in-refused",
    .graphConsent: "graph-consent-missing", .graphPrincipal: "graph-principal-unknown",
    .graphUnreachable: "graph-unreachable", .graphTLS: "graph-tls", .graphFault: "graph-fault",
    .graphThrottled: "graph-throttled", .graphAnswer: "graph-answer", .graphLink: "graph-link",
    .graphRequest: "graph-request",
  ]

  /// The finding for an error: a fault's sentence holds the way out already.
  static func finding(_ error: any Error, remedy: String? = nil) -> Finding {
    guard let fault = error as? Fault else {
      return Finding(.failure, "unexpected", "\(error)", remedy: "Report this.")
    }
    return Finding(
      .failure, words[fault.code] ?? "unusable", fault.description, remedy: remedy,
      facts: ["fault": .string(fault.code.description)])
  }
}
