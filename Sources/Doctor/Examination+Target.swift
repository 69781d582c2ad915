import Base
import HTTPTransport
import JSON
import Ledger
import Logging
import Provisioning
import TeamViewer
import Views

/// The target: URL, name, connection, TLS, token, permissions, clock.
extension Examination {
  func target(_ configuration: Configuration) async -> [Finding] {
    let text = configuration.target.url
    var findings: [Finding] = []
    do {
      let url = try TargetURL(text)
      let token = try configuration.target.token.tokenText()
      findings += extras(of: token, configuration.target.token)
      let route = try configuration.route(to: url.host, port: url.port, folder: folder)
      findings += try way(route, configuration.proxy, url)
      let probe = try await surroundings.probe(text, token.text, route, linked())
      return findings + connection(probe.test, configuration) + clock(probe.date, text)
    } catch {
      return findings + [Self.finding(error)]
    }
  }

  /// The ids of the accounts that people are linked to; none where the ledger does not open, which is told elsewhere.
  private func linked() -> Set<String> {
    let quiet = Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() }
    let ledger = try? OpenLedger(folder: folder, logger: quiet, isReadOnly: true, clock: surroundings.now)
    return (try? ledger?.views.linkedAccounts()) ?? []
  }

  /// What stands round the token and is left off.
  private func extras(of token: SecretText, _ source: SecretSource) -> [Finding] {
    let extras = SecretText.Extra.allCases.filter(token.extras.contains)
    if extras.isEmpty { return [] }
    let words = extras.map(\.rawValue).joined(separator: ", ")
    return [
      Finding(
        .notice, "token-extras", "With the token in \(source) stands what is no part of it, and left off: \(words).",
        remedy: "Leave the token there alone.")
    ]
  }

  private func way(_ route: Route, _ proxy: ProxyConfiguration, _ url: TargetURL) throws -> [Finding] {
    var findings: [Finding] = []
    if let name = route.proxy {
      let place = proxy.choice == .environment ? "HTTPS_PROXY" : "proxy.url"
      findings.append(Finding(.ok, "proxy", "\(url.host) is reached through the proxy \(name), as \(place) says."))
    } else if !Loopback.contains(url.host), proxy.isNamedForPlainOnly() {
      findings.append(
        Finding(
          .notice, "proxy-for-http-only",
          "HTTP_PROXY is set and HTTPS_PROXY is not: \(url.host) is reached without it.",
          remedy: "Set HTTPS_PROXY too, or proxy.url, when the proxy is meant for the target."))
    }
    if let path = route.certificates { findings += try authorities(path) }
    return findings
  }

  /// The certificates that have ended, or end within 30 days.
  private func authorities(_ path: String) throws -> [Finding] {
    let now = surroundings.now()
    let ends = try Authorities(file: path, now: now).ends
    guard let first = ends.min(), first < now + .seconds(30 * 86_400) else {
      return [Finding(.ok, "certificates", "\(path) has \(ends.count.of("certificate")); none ends soon.")]
    }
    let verb = first < now ? "ended" : "ends"
    return [
      Finding(
        .warning, "certificates-ending", "Of the certificates in \(path), the first \(verb) at \(first).",
        remedy: "Put the authority's next certificate beside it.",
        facts: ["file": .string(path), "ends": .string(first.description)])
    ]
  }

  private func connection(_ test: TargetTest, _ configuration: Configuration) -> [Finding] {
    let url = configuration.target.url
    if let fault = test.diagnosis {
      var finding = Self.finding(fault)
      if fault.code == .targetRateLimited { finding.severity = .warning }
      return [finding]
    }
    let list = test.steps.compactMap { step in
      step.concern.map { Finding(.warning, $0.rawValue, step.sentence) }
    }
    // What the protected accounts name is not known, but somebody has named it: more cannot be wanted.
    let isNamed = !configuration.protectedAccounts.isEmpty
    let owner = test.steps.filter { $0.name == .account && $0.verdict == .warning && !isNamed }.map { step in
      Finding(
        .notice, "token-owner-unknown", step.sentence,
        remedy: "Tick what it names, or list the owner's id under safeguard.protectedAccounts.")
    }
    return [Finding(.ok, "target", "\(url) answers, knows the token and lets it read users.")] + list + owner
  }

  private func clock(_ date: Timestamp?, _ url: String) -> [Finding] {
    guard let date else { return [] }
    let now = surroundings.now()
    let seconds = abs((date - now).milliseconds) / 1000
    let facts: JSONValue = ["seconds": .integer(seconds), "target": .string(date.description)]
    guard seconds > 60 else {
      return [Finding(.ok, "clock-target", "The clock agrees with that of \(url).", facts: facts)]
    }
    return [
      Finding(
        .warning, "clock-target", "The clock says \(now), that of \(url) \(date): \(seconds) s apart.",
        remedy: "Let this machine's clock be set over the network (NTP).", facts: facts)
    ]
  }
}
