import Base

/// Who or what did something, as the log names it: a kind and an opaque id, never a name or an address.
///
/// What is known of the human behind it is sealed, in `operator.seen`.
public enum Actor: Hashable, Sendable {
  /// Somebody with an account on this machine, by the login name.
  case `operator`(String)
  /// Somebody who has signed in, by their alias.
  case signIn(String)
  /// A client with a token, by the token's id.
  case token(String)
  /// The worker that delivers.
  case worker
  /// A schedule, by its name.
  case schedule(String)
  /// The ledger itself, where it finishes what was begun.
  case ledger
  /// What another program wrote, word for word.
  case other(String)

  /// The cycles over a live directory, which come by themselves every few minutes.
  public static let cycles = Actor.schedule("cycles")

  /// Reads the form that `description` writes; what is none of them is `other`.
  public init(_ text: String) {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      self = text == "worker" ? .worker : text == "ledger" ? .ledger : .other(text)
      return
    }
    let id = String(text[text.utf8.index(after: colon)...])
    self =
      switch text[..<colon] {
      case "operator": .operator(id)
      case "sign-in": .signIn(id)
      case "token": .token(id)
      case "schedule": .schedule(id)
      default: .other(text)
      }
  }
}

extension Actor: CustomStringConvertible, ExpressibleByStringLiteral {
  /// The form in the envelope, such as `operator:olga` or `worker`.
  public var description: String {
    switch self {
    case .operator(let login): "operator:\(login)"
    case .signIn(let alias): "sign-in:\(alias)"
    case .token(let id): "token:\(id)"
    case .worker: "worker"
    case .schedule(let name): "schedule:\(name)"
    case .ledger: "ledger"
    case .other(let text): text
    }
  }

  /// Reads the form in the envelope.
  public init(stringLiteral text: String) { self.init(text) }
}
