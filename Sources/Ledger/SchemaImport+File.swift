import Base
import JSON
public import Provisioning

extension SchemaImport {
  /// The most bytes that a schema may have.
  private static let limit = 16 << 20

  /// Reads a schema's file. Throws `FaultCode.inputUnreadable`, those of JSON, and `FaultCode.schemaRefused` with everything
  /// that is wrong.
  public init(file path: String) throws {
    let bytes = try OutsideFile.read(
      path, limit: Self.limit, fault: .inputUnreadable, "name a file that is there, and that this user may read.")
    do {
      self.init(try JSONParser.parse(bytes))
    } catch let error as JSONError {
      throw Fault(.jsonSyntax, "The file is no JSON: \(error.clause).", at: Fault.Place(file: path))
    }
    if refused.isEmpty { return }
    throw Fault(.schemaRefused, refused.joined(separator: " "), at: Fault.Place(file: path))
  }
}
