import Base
import Ledger
import Provisioning
import TeamViewer

/// The target: URL, name, connection, TLS, token, permissions, clock.
extension Doctor {
  func target(_ configuration: Configuration) async -> [Finding] {
    let url = configuration.target.url
    do {
      _ = try TargetURL(url)
      let token = try configuration.target.token.token()
      let probe = try await surroundings.probe(url, token)
      return connection(probe.test, url) + clock(probe.date, url)
    } catch {
      return [Self.finding(error)]
    }
  }

  private func connection(_ test: TargetTest, _ url: String) -> [Finding] {
    if let fault = test.diagnosis {
      var finding = Self.finding(fault)
      if fault.code == .targetRateLimited { finding.severity = .warning }
      return [finding]
    }
    let passedOver = test.steps.filter { $0.name == .list && $0.verdict == .warning }.map { step in
      Finding(.warning, "accounts-unreadable", step.sentence)
    }
    let owner = test.steps.filter { $0.name == .account && $0.verdict == .warning }.map { step in
      Finding(
        .notice, "token-owner-unknown", step.sentence,
        remedy: "Tick what it names, or list the owner's id under safeguard.protectedAccounts.")
    }
    return [Finding(.ok, "target", "\(url) answers, knows the token and lets it read users.")] + passedOver + owner
  }

  private func clock(_ date: Timestamp?, _ url: String) -> [Finding] {
    guard let date else { return [] }
    let now = surroundings.now()
    let seconds = abs((date - now).milliseconds) / 1000
    guard seconds > 60 else { return [Finding(.ok, "clock-target", "The clock agrees with that of \(url).")] }
    return [
      Finding(
        .warning, "clock-target", "The clock says \(now), that of \(url) \(date): \(seconds) s apart.",
        remedy: "Let this machine's clock be set over the network (NTP).")
    ]
  }
}
