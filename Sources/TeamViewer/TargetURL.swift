public import Base

/// The base URL of a SCIM target.
public typealias TargetURL = ServiceURL

extension ServiceURL {
  /// Checks the URL of a target. Throws `Fault` with `targetURL`.
  public init(_ text: String) throws(Fault) {
    do throws(Objection) { try self.init(checking: text) } catch {
      throw Fault(
        .targetURL, "The target's URL \(error). Write it like https://webapi.teamviewer.com/scim/v2.")
    }
  }
}
