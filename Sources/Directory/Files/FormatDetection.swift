import Base
import JSON
import Provisioning

extension DirectoryFormat {
  /// Detects the form from the first piece of a file: the first member that only one of the JSON forms has decides.
  ///
  /// What starts like JSON but says neither is taken for a page, whose reader then says what is wrong.
  init(of head: TextHead) throws {
    switch head.first {
    case UInt8(ascii: "{"): self = DirectoryFormat.json(head.bytes[head.start...]) ?? .graph
    case UInt8(ascii: "["): self = .array
    default: self = .csv
    }
  }

  private static func json(_ bytes: ArraySlice<UInt8>) -> DirectoryFormat? {
    var detected: DirectoryFormat?
    // The piece may end inside the object: what was seen before counts.
    try? bytes.withUnsafeBufferPointer { buffer in
      try JSONParser.read(buffer) { parser in
        try parser.object { parser, name in
          switch name.asciiLowercased {
          case "value", "error", "@odata.nextlink", "@odata.deltalink", "@odata.count": detected = .graph
          case "@odata.context":
            // A single user, fetched by id, has a context too.
            if try parser.value().string?.hasSuffix("/$entity") == true { return }
            detected = .graph
          case "id", "@removed": detected = .ndjson
          default:
            if DirectoryAttribute.standard.allSatisfy({ $0.rawValue.asciiLowercased != name.asciiLowercased }) {
              try parser.skip()
              return
            }
            detected = .ndjson
          }
          throw Detected()
        }
      }
    }
    return detected
  }

  /// Ends the look at the object.
  private struct Detected: Error {}
}
