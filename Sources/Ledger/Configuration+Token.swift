public import Base
import Foundation

extension SecretSource {
  /// Reads the target's bearer token. Throws `FaultCode.tokenMissing`, or `FaultCode.targetTokenMalformed` for what can be
  /// none.
  public func token() throws -> String { try tokenText().text }

  /// As `token()`, and what was left off to get at it.
  public func tokenText() throws -> SecretText {
    do throws(Objection) {
      return try line { text throws(SecretText.Objection) in try text.token() }
    } catch {
      let rest = error.isMissing ? "put the token there" : "put the token there, and nothing else"
      throw Fault(
        error.isMissing ? .tokenMissing : .targetTokenMalformed,
        "\(name), where \(OpenLedger.File.configuration) says the TeamViewer token is, \(error.words); \(rest).")
    }
  }

  /// What is wrong with the token's place as it is now, in a sentence with the way out; nil when a token is there that
  /// nobody else may read.
  public func objection() -> String? {
    do { _ = try tokenText() } catch let fault as Fault { return fault.sentence } catch { return "\(error)" }
    guard case .file(let path) = self, let mode = Self.sharedMode(of: path) else { return nil }
    return "Others may open \(path) (\(mode)); chmod 600 \(path)."
  }

  /// The permissions of a file that others than its owner may open, in octal; nil for another.
  private static func sharedMode(of path: String) -> String? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue, mode & 0o077 != 0 else { return nil }
    return String(mode & 0o777, radix: 8)
  }

  /// Reads the proxy's credentials, `user:password`. Throws `FaultCode.proxyCredentialsMissing`.
  public func proxyCredentials() throws -> Proxy.Credentials {
    do throws(Objection) {
      let text = try line { text throws(SecretText.Objection) in text }.text
      guard let credentials = Proxy.Credentials(text) else { throw Objection(words: "is not like user:password") }
      return credentials
    } catch {
      throw Fault(
        .proxyCredentialsMissing,
        "\(name), where \(OpenLedger.File.configuration) says the proxy's credentials are, \(error.words); put them there."
      )
    }
  }

  /// Reads another secret of one line, which a sentence calls `what`. Throws `Fault` with the code that is given.
  public func secret(_ what: String, _ code: FaultCode) throws -> String {
    do throws(Objection) { return try line { text throws(SecretText.Objection) in text }.text } catch {
      throw Fault(
        code, "\(name), where \(OpenLedger.File.configuration) says \(what) is, \(error.words); put it there.")
    }
  }

  /// What is wrong with the secret that is there, in words that follow its place.
  private struct Objection: Error {
    var words: String
    var isMissing = false
  }

  private var name: String {
    switch self {
    case .environment(let name): "The environment variable \(name)"
    case .file(let path): "The file \(path)"
    }
  }

  private func line(
    _ form: (SecretText) throws(SecretText.Objection) -> SecretText
  ) throws(Objection) -> SecretText {
    let bytes = try bytes()
    do throws(SecretText.Objection) {
      return try form(SecretText(bytes))
    } catch {
      throw Objection(words: "\(error)", isMissing: error == .empty)
    }
  }

  private func bytes() throws(Objection) -> [UInt8] {
    switch self {
    case .file(let path):
      do { return try OutsideFile.read(path, limit: 65_536) } catch {
        throw Objection(words: (error as? OutsideFile.Failure)?.text ?? "cannot be read", isMissing: true)
      }
    case .environment(let name):
      guard let value = ProcessInfo.processInfo.environment[name] else {
        throw Objection(words: "is not set", isMissing: true)
      }
      return Array(value.utf8)
    }
  }
}
