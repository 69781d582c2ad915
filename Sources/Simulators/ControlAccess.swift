import Hummingbird

/// Who may use the control side of a simulator: whoever reaches the port and has the control token, where there is one.
struct ControlAccess: Sendable {
  let token: String?

  /// Why a request is refused; nil when it is not. Pages in a browser on this machine reach the port too: they say their
  /// origin, or, where a name was made to lead here, another host.
  func refusal(of request: Request) -> ControlError? {
    if request.headers[.origin] != nil { return ControlError(403, "Requests of web pages are refused.") }
    let host = request.head.authority ?? ""
    let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
    guard ["127.0.0.1", "localhost", "[::1]"].contains(name.lowercased()) else {
      return ControlError(403, "The request is meant for another host.")
    }
    guard let token else { return nil }
    if request.headers[.authorization] == "Bearer \(token)" { return nil }
    return ControlError(401, "The control side has a token of its own, printed at the start.")
  }
}

/// Why the control side refuses a request.
struct ControlError: Error {
  var status: Int
  var sentence: String

  init(_ status: Int, _ sentence: String) {
    self.status = status
    self.sentence = sentence
  }

  /// A member that is not what it must be.
  static func wrong(_ name: String, _ wanted: String) -> ControlError {
    ControlError(400, "\(name) is not \(wanted).")
  }
}
