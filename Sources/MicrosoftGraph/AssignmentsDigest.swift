import Crypto
import Foundation
import Provisioning

/// What stands for a set of assignments, in whatever order they come: the sum of the SHA-256 digests of all, in four words.
/// It takes 32 bytes, however many people there are.
struct AssignmentsDigest {
  private var words: [UInt64] = [0, 0, 0, 0]
  private var count = 0

  /// Takes over an assignment that was not taken over before.
  mutating func add(_ assignment: Assignments.Assignment, of person: String) {
    let role = assignment.role
    // Each part with its length, so that no two assignments have the same bytes.
    let parts = [person, role.id, role.value, role.displayName, assignment.group]
    let text = parts.map { $0.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined()
    SHA256.hash(data: Data(text.utf8)).withUnsafeBytes { bytes in
      for place in words.indices {
        words[place] &+= bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self).bigEndian
      }
    }
    count += 1
  }

  /// The text: how many, and 64 hexadecimal digits.
  var text: String {
    "\(count)-" + words.map { String($0, radix: 16).leftPadded(to: 16) }.joined()
  }
}

extension String {
  fileprivate func leftPadded(to length: Int) -> String { String(repeating: "0", count: max(0, length - count)) + self }
}
