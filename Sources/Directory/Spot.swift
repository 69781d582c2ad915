import Base
import Provisioning

/// Where an object stands, for the checks that all forms share and for their error messages.
struct Spot {
  let place: Fault.Place
  /// The object's number on its page, from 1; nil where the line says enough.
  var object: Int?

  /// A fault at this object. The text names attributes and no person's data.
  func fault(_ code: FaultCode, _ text: String) -> Fault {
    Fault(code, object.map { "object \($0): \(text)" } ?? text, at: place)
  }

  /// An object id in lower case: Entra's ids are GUIDs, whose case means nothing.
  func id(_ text: String, limits: Limits) throws -> String {
    guard !text.isEmpty else { throw fault(.attributeMissing, "id is empty; every user needs the object id") }
    guard text.unicodeScalars.count <= limits.id else {
      throw fault(.attributeValue, "id is longer than \(limits.id) characters; it must be the object id")
    }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw fault(.attributeValue, "id holds a control character; it must be the object id")
    }
    return text.asciiLowercased
  }

  /// A text attribute; an empty text clears it unless it is required.
  func text(_ text: String, _ attribute: DirectoryAttribute, limits: Limits) throws -> DirectoryValue {
    guard !text.isEmpty else { return try cleared(attribute) }
    guard text.utf8.count <= limits.value else {
      throw fault(.inputTooLarge, "\(attribute) is larger than \(limits.value >> 10) KiB; it is no directory value")
    }
    return .text(text)
  }

  /// "No value", unless the attribute is required.
  func cleared(_ attribute: DirectoryAttribute) throws -> DirectoryValue {
    guard !attribute.isRequired else {
      throw fault(.attributeMissing, "\(attribute) has no value; every user needs one")
    }
    return .cleared
  }
}
