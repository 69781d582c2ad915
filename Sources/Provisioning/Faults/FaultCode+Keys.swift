/// PL-04..: the subject keys.
extension FaultCode {
  /// The key file cannot be opened, read or written.
  public static let keysUnreadable = FaultCode("0401", .io, "the subject keys cannot be read or written")
  /// The key file was made by a newer program.
  public static let keysNewer = FaultCode("0402", .io, "the subject keys were made by a newer program")
  /// SQLite does not keep `synchronous=FULL` or `secure_delete`.
  public static let keysNotDurable = FaultCode("0403", .io, "the key file cannot promise to keep or to forget a key")
  /// SQLite finds the key file malformed, or a key has the wrong length.
  public static let keysDamaged = FaultCode("0404", .io, "the key file is damaged")
  /// No room is left on the disk.
  public static let keysFull = FaultCode("0405", .io, "no room is left for the subject keys")
  /// Another program holds the key file.
  public static let keysBusy = FaultCode("0406", .busy, "another program holds the subject keys")
  /// The key file can only be read.
  public static let keysReadOnly = FaultCode("0407", .io, "the key file can only be read")
  /// A sealed value does not authenticate, or is not one.
  public static let sealBroken = FaultCode("0408", .io, "a sealed value does not open")

  /// A subject has no key, so that nothing can be sealed for it.
  public static let keyMissing = FaultCode("0409", .io, "a subject has no key")

  /// The master key is not where the configuration says.
  public static let masterKeyMissing = FaultCode("0410", .configuration, "the master key is not where it should be")
  /// The master key is not the one that wraps the key file.
  public static let masterKeyWrong = FaultCode("0411", .configuration, "the master key is another one")
  /// What is there is no master key, or cannot be read or made, or is the present one.
  public static let masterKeyUnusable = FaultCode("0412", .configuration, "a master key cannot be used")
  /// There is a log, but no key file.
  public static let keysMissing = FaultCode("0413", .io, "the key file is gone")

  static let keys: [FaultCode] = [
    keysUnreadable, keysNewer, keysNotDurable, keysDamaged, keysFull, keysBusy, keysReadOnly, sealBroken, keyMissing,
    masterKeyMissing, masterKeyWrong, masterKeyUnusable, keysMissing,
  ]
}
