import Base
import Crypto
import EventLog
import Foundation
import GRDB

/// The key that wraps the subject keys, so that `keys.sqlite` alone opens nothing.
public struct MasterKey: Sendable {
  /// 32 hexadecimal digits that tell this key from another: a keyed hash, which leads nowhere.
  public let id: String
  private let key: SymmetricKey

  static let size = 32

  /// A new random key.
  public init() { self.init(SymmetricKey(size: .bits256)) }

  private init(_ key: SymmetricKey) {
    self.key = key
    let code = HMAC<SHA256>.authenticationCode(for: Data("provledger master key id v1".utf8), using: key)
    id = Hex.text(code.prefix(16))
  }

  /// Reads a key: 32 bytes, or as text their base64 or 64 hexadecimal digits, white space at the ends ignored; nil for
  /// anything else.
  public init?(_ content: some Collection<UInt8>) {
    if content.count == Self.size {
      self.init(SymmetricKey(data: Data(content)))
      return
    }
    let text = String(decoding: content, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let bytes = Hex.bytes(text).map({ Data($0) }) ?? Data(base64Encoded: text), bytes.count == Self.size else {
      return nil
    }
    self.init(SymmetricKey(data: bytes))
  }

  /// The key as base64.
  public var text: String { key.withUnsafeBytes { Data($0).base64EncodedString() } }

  // MARK: Wrapping

  /// What a wrapped key is bound to: one moved to another row does not unwrap.
  enum Owner {
    case subject(String)
    case secret(String)

    fileprivate var associated: Data {
      switch self {
      case .subject(let alias): Data("ledger-key/v1\nsubject\n\(alias)".utf8)
      case .secret(let name): Data("ledger-key/v1\nsecret\n\(name)".utf8)
      }
    }
  }

  /// Encrypts 32 bytes: nonce, ciphertext, tag. Throws CryptoKit's errors, which do not occur.
  func wrap(_ secret: SymmetricKey, for owner: Owner) throws -> Data {
    let nonce = try AES.GCM.Nonce(data: RandomWords.shared.bytes(12))
    let box = try secret.withUnsafeBytes {
      try AES.GCM.seal($0, using: key, nonce: nonce, authenticating: owner.associated)
    }
    return Data(nonce) + box.ciphertext + box.tag
  }

  /// Decrypts what `wrap` made for the same owner. Throws `StoreDamage` for anything else.
  func unwrap(_ wrapped: Data, for owner: Owner) throws -> SymmetricKey {
    guard let box = try? AES.GCM.SealedBox(combined: wrapped),
      let bytes = try? AES.GCM.open(box, using: key, authenticating: owner.associated), bytes.count == Self.size
    else {
      throw StoreDamage("a key does not unwrap under the master key that wrapped it")
    }
    return SymmetricKey(data: bytes)
  }
}
