import Base
import Glibc
import JSON
import Ledger
import Provisioning

/// Who else can read what must be secret, or write what is obeyed.
extension Examination {
  func secrets(_ configuration: Configuration) -> [Finding] {
    var findings: [Finding] = []
    if case .file(let path) = configuration.target.token { findings += readers(path, "token-file-rights", "the token") }
    if case .file(let path)? = configuration.proxy.credentials {
      findings += readers(path, "proxy-credentials-rights", "the proxy's credentials")
    }
    if case .file(let path) = configuration.masterKey, path.hasPrefix("/") {
      findings += readers(path, "master-key-rights", "the master key")
    }
    let hasCommands = configuration.log.anchors.contains { if case .command = $0 { true } else { false } }
    if hasCommands, let objection = OpenLedger.commandObjection(in: folder) {
      findings.append(
        Finding(
          .failure, "commands-refused", "No command of provledger.yaml is run: \(objection)",
          remedy: "Look at what provledger.yaml says, then chown and chmod it."))
    }
    return findings
  }

  private func readers(_ path: String, _ code: String, _ what: String) -> [Finding] {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return [] }
    return [
      Finding(
        .warning, code, "Others may open \(path) (\(Self.octal(status.st_mode))), which holds \(what).",
        remedy: "chmod 600 \(path)", facts: ["file": .string(path), "mode": .string(Self.octal(status.st_mode))])
    ]
  }
}
