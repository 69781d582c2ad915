import Base
import Foundation

/// Functions that turn one kind of value into another.
extension ExpressionFunction {
  static let conversion: [ExpressionFunction] = [
    ExpressionFunction("BitAnd", [.needed("value1", .number), .needed("value2", .number)]) {
      call, evaluator throws(ExpressionHalt) in
      guard let left = try call.number(0, &evaluator), let right = try call.number(1, &evaluator) else { return .null }
      return .number(left & right)
    },
    ExpressionFunction("CBool", [.needed("Expression", .condition)]) { call, evaluator throws(ExpressionHalt) in
      guard let node = call.node(0) else { return .flag(false) }
      return .flag(try evaluator.condition(node) ?? false)
    },
    ExpressionFunction("CStr", [.needed("value")]) { call, evaluator throws(ExpressionHalt) in
      try call.text(0, &evaluator).map(ExpressionValue.text) ?? .null
    },
    // UTF-16, the low byte first, as .NET's Encoding.Unicode has it.
    ofText("ConvertToBase64") {
      Data($0.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }).base64EncodedString()
    },
    ofText("ConvertToUTF8Hex") { Hex.text($0.utf8).uppercased() },
    ExpressionFunction("DefaultDomain", []) { call, evaluator throws(ExpressionHalt) in
      guard let domain = evaluator.input.defaultDomain else {
        throw call.wrong("the tenant's default domain is not known here; write it as a text")
      }
      return .text(domain)
    },
  ]
}
