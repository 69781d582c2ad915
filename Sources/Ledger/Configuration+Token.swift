public import Base
import Foundation
import Provisioning

extension SecretSource {
  /// Reads the target's bearer token. Throws `FaultCode.tokenMissing`.
  public func token() throws -> String {
    let token: String?
    let place: String
    switch self {
    case .environment(let name):
      token = ProcessInfo.processInfo.environment[name]
      place = "The environment variable \(name)"
    case .file(let path):
      token = (try? OutsideFile.read(path, limit: 65_536)).map { String(decoding: $0, as: UTF8.self) }
      place = "The file \(path)"
    }
    let trimmed = (token ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    if trimmed.isEmpty {
      throw Fault(
        .tokenMissing,
        "\(place), where \(Ledger.File.configuration) says the TeamViewer token is, holds none; put it there.")
    }
    return trimmed
  }
}
