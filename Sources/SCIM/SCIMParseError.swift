/// Why a JSON value or a filter is not the SCIM message that it should be.
///
/// It names attributes, never their values, so that it may be logged.
public enum SCIMParseError: Error, Equatable, Sendable {
  /// The message, or an attribute of it, is missing.
  case missing(String)
  /// An attribute has another JSON type than its schema demands.
  case wrongType(attribute: String, wanted: String)
  /// The filter is no comparison that is understood; the text says which part.
  case filter(String)
  /// There is more of something than is accepted.
  case tooMany(String, limit: Int)

  /// One clause without a place, such as `active is no boolean`.
  public var clause: String {
    switch self {
    case .missing(let name): "\(name) is missing"
    case .wrongType(let attribute, let wanted): "\(attribute) is no \(wanted)"
    case .filter(let problem): "the filter \(problem)"
    case .tooMany(let name, let limit): "there are more than \(limit) \(name)"
    }
  }
}
