import Glibc

/// Opens files that the program keeps writing to, and makes sure that they are its own: no link leads elsewhere, no
/// second name, no pipe, no owner who has no business there.
public enum OwnFile {
  /// Opens a file to write, and makes it, for its owner's eyes only, when it is not there. The descriptor is for the
  /// caller to close; `flags` are O_APPEND and the like. Throws `PrivateFile.Failure`.
  public static func open(_ path: String, _ access: Int32, _ flags: Int32 = 0) throws -> Int32 {
    // Twice: another process may make or remove it between two looks.
    for _ in 0..<3 {
      if let descriptor = try existing(path, access | flags) { return descriptor }
      let descriptor = Glibc.open(path, access | flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      if descriptor >= 0 { return descriptor }
      guard errno == EEXIST else { throw PrivateFile.Failure() }
    }
    throw PrivateFile.Failure("it comes and goes while it is opened")
  }

  /// Whether a link is at a path: what is to be emptied or made anew must not be what that leads to. It is not opened, since to
  /// close it again would take the locks of a database that is open here (fcntl(2), "Record locking").
  public static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func existing(_ path: String, _ flags: Int32) throws -> Int32? {
    // Without waiting: opening a pipe would.
    let descriptor = Glibc.open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return nil }
    if descriptor < 0, errno == ELOOP { throw PrivateFile.Failure("it is a link, and links are not followed") }
    guard descriptor >= 0 else { throw PrivateFile.Failure() }
    do {
      try requireOwn(descriptor, path)
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func requireOwn(_ descriptor: Int32, _ path: String) throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw PrivateFile.Failure() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw PrivateFile.Failure("it is no regular file") }
    guard status.st_nlink <= 1 else { throw PrivateFile.Failure("it has a second name (a hard link)") }
    let owners = [geteuid(), 0, owner(ofFolderOf: path)]
    guard owners.contains(status.st_uid) else { throw PrivateFile.Failure("it belongs to another user") }
  }

  private static func owner(ofFolderOf path: String) -> uid_t? {
    var status = stat()
    return stat(PrivateFile.folder(of: path), &status) == 0 ? status.st_uid : nil
  }
}

/// Folders that are to be this user's alone.
public enum OwnFolder {
  /// What is wrong with a folder that was there already, in words that follow its path; nil when nothing is: it is a
  /// folder and no link, belongs to this user, and nobody else may write it, unless it is about to be made private.
  public static func objection(_ path: String, beforeMadePrivate: Bool = false) -> String? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return "cannot be looked at: \(systemError())" }
    if status.st_mode & S_IFMT == S_IFLNK { return "is a link" }
    if status.st_mode & S_IFMT != S_IFDIR { return "is no folder" }
    if status.st_uid != geteuid() { return "belongs to another user" }
    return beforeMadePrivate || status.st_mode & 0o022 == 0 ? nil : "may be written by others"
  }

  /// Makes the folders of a path below one that is there or is made, open to `mode`, and refuses links on the way down:
  /// what is written below must not land elsewhere. Throws `PrivateFile.Failure`.
  public static func make(_ path: String, below root: String, mode: UInt32) throws {
    try make(root, mode, followingLinks: true)
    var place = root
    for name in path.split(separator: "/") {
      place += "/\(name)"
      try make(place, mode, followingLinks: false)
    }
  }

  private static func make(_ path: String, _ mode: UInt32, followingLinks: Bool) throws {
    if mkdir(path, mode) == 0 { return }
    guard errno == EEXIST else { throw PrivateFile.Failure() }
    var status = stat()
    let isThere = followingLinks ? stat(path, &status) : lstat(path, &status)
    guard isThere == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw PrivateFile.Failure("\(path) is in the way and is no folder")
    }
  }
}

/// Whether something is at a path. "I may not look" is another answer than "nothing is there".
public enum Presence: Equatable, Sendable {
  /// Something is there.
  case there
  /// Nothing is.
  case missing
  /// The system does not say, for a reason in its words (strerror(3)).
  case unknown(String)

  /// What stat(2) says of a path.
  public init(_ path: String) {
    var status = stat()
    if stat(path, &status) == 0 {
      self = .there
    } else {
      self = errno == ENOENT || errno == ENOTDIR ? .missing : .unknown(systemError())
    }
  }
}
