import Base
import Glibc

/// The user who signed in to the session that this process belongs to. The kernel keeps it over `sudo` and `su`, unlike
/// the environment, which anybody can set (proc(5), pam_loginuid(8)).
struct LoginUser: Equatable {
  /// The user's number.
  var number: Int
  /// The user's name in the machine's list of accounts; nil when it has none.
  var name: String?
}

extension LoginUser {
  /// That of this process; nil where nobody signed in, as for a service, or the kernel keeps none.
  static var current: LoginUser? { LoginUser(file: "/proc/self/loginuid") }

  /// Reads what the kernel writes: a number, of which the greatest means nobody.
  init?(file: String) {
    guard let text = OutsideFile.text(file, limit: 64), let number = UInt32(text.prefix { $0.isNumber }),
      number != .max
    else { return nil }
    self.number = Int(number)
    name = Self.name(of: number)
  }

  private static func name(of user: UInt32) -> String? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
      return nil
    }
    return String(cString: name)
  }
}
