import Base
import HTTPTransport
import SCIM

/// The one who gets access tokens, and keeps the present one: in memory, until five minutes before its end.
public actor AccessTokens {
  /// The largest answer of a token endpoint, in bytes.
  private static let limit = 256 << 10

  private let application: Application
  private let credentials: Credentials
  private let persistence: Persistence
  private let waiting: Waiting
  private let diagnosis: GraphDiagnosis
  private var kept: AccessToken?
  private var asking: Task<AccessToken, any Error>?

  /// Gets tokens for an application by its credentials; `proxy` is the one on the way, for sentences.
  public init(
    _ application: Application, by credentials: Credentials, over persistence: Persistence, _ waiting: Waiting,
    diagnosis: GraphDiagnosis
  ) {
    self.application = application
    self.credentials = credentials
    self.persistence = persistence
    self.waiting = waiting
    self.diagnosis = diagnosis
  }

  /// The token to send. Throws `Fault` with a PL-12xx code, and what reading the credentials throws.
  func token() async throws -> String {
    if let kept, kept.isFresh(waiting.now()) { return kept.text }
    return try await renewed()
  }

  /// A token other than one that was refused. Throws as `token` does.
  func token(insteadOf refused: String) async throws -> String {
    if let kept, !kept.text.hasSameBytes(as: refused), kept.isFresh(waiting.now()) { return kept.text }
    return try await renewed()
  }

  /// Whoever asks while another's request is on its way waits for the same answer.
  private func renewed() async throws -> String {
    let task = asking ?? Task { try await ask() }
    asking = task
    defer { if asking == task { asking = nil } }
    let token = try await task.value
    kept = token
    return token.text
  }

  private func ask() async throws -> AccessToken {
    let request = try application.request(credentials, now: waiting.now())
    let exchange = try await persistence.send(request, bodyLimit: Self.limit)
    guard case .response(let response) = exchange else { throw diagnosis.fault(of: exchange) }
    if let token = AccessToken(response, now: waiting.now()) { return token }
    throw TokenRefusal(response).fault(application, diagnosis)
  }
}
