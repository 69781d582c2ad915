import Base
import EventLog
import LogSupport

@testable import Sealing

extension Folder {
  var master: SecretSource { .file(path + "/master.key") }

  /// The subject keys, under a master key that is made when it is not there.
  func openKeys() throws -> SubjectKeys {
    if try master.masterKey() == nil { try master.write(MasterKey()) }
    return try SubjectKeys(path: keys, master: master)
  }
}
