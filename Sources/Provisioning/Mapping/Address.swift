/// The form of address that TeamViewer accepts as a userName (its Web API's model of a user).
///
/// Known before anything is sent, so that a call that can only fail is never made.
public enum Address {
  /// The number of characters, all ASCII.
  public static let length = 6...100

  /// True when TeamViewer accepts the address.
  public static func isAccepted(_ address: String) -> Bool {
    let bytes = Array(address.utf8)
    guard length.contains(bytes.count), let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return false }
    return isLocalPart(bytes[..<at]) && isDomain(bytes[(at + 1)...])
  }

  /// The form in which addresses are compared: ASCII letters in lower case, everything else as it is.
  public static func folded(_ address: String) -> String {
    guard address.utf8.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else { return address }
    return String(decoding: address.utf8.map(lowercase), as: UTF8.self)
  }

  /// A guest's own address, restored from the mangled form `ada_fabrikam.com#EXT#@contoso.com`
  /// (Microsoft Learn, "How Application Provisioning works in Microsoft Entra ID", section "B2B (guest) users"); any
  /// other address as it is.
  public static func ofGuest(_ userPrincipalName: String) -> String {
    guard userPrincipalName.utf8.contains(UInt8(ascii: "#")) else { return userPrincipalName }
    let name = Array(userPrincipalName.utf8)
    let marker = Array("#ext#@".utf8)
    let lowered = name.map(lowercase)
    guard let start = (0..<max(0, name.count - marker.count)).first(where: { lowered[$0...].starts(with: marker) }),
      let separator = name[..<start].lastIndex(of: UInt8(ascii: "_"))
    else { return userPrincipalName }
    let restored = name[..<separator] + [UInt8(ascii: "@")] + name[(separator + 1)..<start]
    return String(decoding: restored, as: UTF8.self)
  }

  private static func isLocalPart(_ part: ArraySlice<UInt8>) -> Bool {
    hasSingleInnerSeparators(part, Array(".+'=".utf8)) {
      isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    }
  }

  private static func isDomain(_ domain: ArraySlice<UInt8>) -> Bool {
    let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, let top = labels.last, top.count >= 2, top.allSatisfy(isLetter) else { return false }
    return labels.allSatisfy { hasSingleInnerSeparators($0, [UInt8(ascii: "-")], isAlphanumeric) }
  }

  /// Runs of allowed bytes with one separator between two of them.
  private static func hasSingleInnerSeparators(
    _ part: ArraySlice<UInt8>, _ separators: [UInt8], _ isAllowed: (UInt8) -> Bool
  ) -> Bool {
    guard let first = part.first, let last = part.last, isAllowed(first), isAllowed(last) else { return false }
    var afterSeparator = false
    for byte in part {
      let isSeparator = separators.contains(byte)
      guard isSeparator ? !afterSeparator : isAllowed(byte) else { return false }
      afterSeparator = isSeparator
    }
    return true
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
