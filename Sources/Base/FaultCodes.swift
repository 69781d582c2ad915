/// Every error code that a person can meet, the one table: the first two digits say what it is about.
extension FaultCode {
  // MARK: PL-01..: the directory's export files.

  /// The input path does not exist or cannot be read.
  public static let inputUnreadable = FaultCode("0101", .input, "the input cannot be read")
  /// The input is not a regular file or a folder of them.
  public static let inputNotAFile = FaultCode("0102", .input, "the input is no regular file")
  /// The input has nothing in it.
  public static let inputEmpty = FaultCode("0103", .input, "the input is empty")
  /// The input is not UTF-8 text: UTF-16, gzip, NUL bytes, broken sequences.
  public static let inputEncoding = FaultCode("0104", .input, "the input is not UTF-8 text")
  /// A line, a field or an object is larger than the limit.
  public static let inputTooLarge = FaultCode("0105", .input, "a line, field or object is too large")
  /// The format cannot be told from the content, or the inputs do not belong together.
  public static let inputFormat = FaultCode("0106", .input, "the format is not one that is known")
  /// A column is missing, doubled, or all are unknown.
  public static let csvColumns = FaultCode("0111", .input, "the CSV's columns are wrong")
  /// A row has another number of fields than the header, is blank between others, or ends in a lone carriage return.
  public static let csvRow = FaultCode("0112", .input, "a CSV row does not fit the header")
  /// A quote is broken.
  public static let csvQuote = FaultCode("0113", .input, "a CSV quote is broken")
  /// The JSON is malformed, nested too deep, or has a member twice in one object.
  public static let jsonSyntax = FaultCode("0121", .input, "the JSON is malformed")
  /// The JSON is no page of users: no `value` array, a saved Graph error, several documents.
  public static let jsonShape = FaultCode("0122", .input, "the JSON is no page of users")
  /// A page that a nextLink names is not there, the pages do not belong to one answer or are out of order.
  public static let pageMissing = FaultCode("0123", .input, "a page is missing")
  /// A delta without deltaLink.
  public static let deltaLinkMissing = FaultCode("0124", .input, "a delta has no deltaLink")
  /// A delta that was read before and is not the newest.
  public static let deltaLinkStale = FaultCode("0125", .input, "a delta was read before and is not the newest")
  /// An object without id, or without userPrincipalName in a snapshot; a required attribute that is null or empty.
  public static let attributeMissing = FaultCode("0131", .input, "an attribute that must be there is missing")
  /// An attribute's value is of the wrong type or not allowed.
  public static let attributeValue = FaultCode("0132", .input, "an attribute's value is not allowed")
  /// The same id, or the same userPrincipalName, twice in one snapshot.
  public static let duplicateObject = FaultCode("0133", .input, "two objects of a snapshot are the same")
  /// A snapshot without a single person.
  public static let noPeople = FaultCode("0134", .input, "a snapshot holds no person")
  /// A whole export leaves out whether people may sign in, which the ledger knew.
  public static let signInUnknown = FaultCode("0135", .input, "a snapshot does not say who may sign in")

  /// Scope or mapping read an attribute that nobody was ever asked for.
  public static let attributeUnread = FaultCode("0136", .input, "an attribute that the rules read is not in the export")

  // MARK: PL-02..: the configuration file.

  /// The configuration file cannot be read.
  public static let configurationUnreadable = FaultCode("0201", .configuration, "the configuration cannot be read")
  /// The configuration file is no YAML.
  public static let configurationSyntax = FaultCode("0202", .configuration, "the configuration is no YAML")
  /// A key is unknown, doubled, or missing.
  public static let configurationKey = FaultCode("0203", .configuration, "a key of the configuration is wrong")
  /// A value is not allowed.
  public static let configurationValue = FaultCode("0204", .configuration, "a value of the configuration is wrong")
  /// The environment variable or file that holds the token is not there or empty.
  public static let tokenMissing = FaultCode("0205", .credentials, "the token is not where it should be")
  /// The environment variable or file that holds the proxy's credentials is not there, or holds none.
  public static let proxyCredentialsMissing = FaultCode("0206", .credentials, "the proxy's credentials are missing")

  /// An expression of a mapping cannot be read, or has no value for somebody.
  public static let expressionWrong = FaultCode("0207", .configuration, "an expression cannot be read or evaluated")

  /// Neither a tenant nor a folder of exports is configured.
  public static let nothingToServe = FaultCode("0208", .configuration, "there is nothing to read on a schedule")

  /// A synchronization schema that Entra itself would refuse, or that lacks what TeamViewer needs.
  public static let schemaRefused = FaultCode("0209", .input, "a synchronization schema cannot be taken over")

  // MARK: PL-03..: the event log.

  /// The log's file cannot be opened, read or written.
  public static let logUnreadable = FaultCode("0301", .io, "the log cannot be read or written")
  /// There is no log at that path, and this call may not make one.
  public static let logMissing = FaultCode("0302", .io, "there is no log at that path")
  /// The log was made by a newer program.
  public static let logNewer = FaultCode("0303", .io, "the log was made by a newer program")
  /// SQLite does not keep `synchronous=FULL`, so an append would not be durable.
  public static let logNotDurable = FaultCode("0304", .io, "the log cannot promise that appends survive a power loss")
  /// SQLite finds the file malformed, or it has another schema.
  public static let logDamaged = FaultCode("0305", .io, "the log's file is damaged")
  /// No room is left on the disk.
  public static let logFull = FaultCode("0306", .io, "no room is left for the log")
  /// Another program holds the database.
  public static let logBusy = FaultCode("0307", .busy, "another program holds the log")
  /// The log, or its file, can only be read.
  public static let logReadOnly = FaultCode("0308", .io, "the log can only be read")
  /// The log was closed.
  public static let logClosed = FaultCode("0309", .io, "the log is closed")
  /// The lock file cannot be made or locked.
  public static let logLock = FaultCode("0310", .cannotCreate, "the log's lock file cannot be used")
  /// An entry is larger than 65,535 bytes.
  public static let entryTooLarge = FaultCode("0311", .input, "an entry is larger than the log takes")
  /// An event that the log cannot hold: an empty name, a payload that is no JSON object.
  public static let eventInvalid = FaultCode("0312", .input, "an event is not one that the log can hold")
  /// An entry of the log is not an envelope that this program can read.
  public static let entryUnreadable = FaultCode("0313", .io, "an entry of the log cannot be read")
  /// The payload of an event is not of its type's shape.
  public static let eventUnreadable = FaultCode("0314", .io, "an event's payload cannot be read")
  /// The log does not go on from a checkpoint that it signed: it was cut, rewritten or put back.
  public static let logForked = FaultCode("0315", .failures, "the log does not go on from its own checkpoint")
  /// The private key of the log is missing, or is another log's.
  public static let logKeyUnusable = FaultCode("0316", .io, "the key that signs checkpoints cannot be used")
  /// A text is no verifier key.
  public static let verifierKeyInvalid = FaultCode("0317", .usage, "a text is no verifier key")
  /// Bytes are no signed note, or its text is no checkpoint.
  public static let noteInvalid = FaultCode("0318", .input, "a file is no signed note")
  /// No known key signed a note, or one did so wrongly.
  public static let noteUnsigned = FaultCode("0319", .failures, "no signature on a note holds")
  /// There is no event at that position, or the log is not that long.
  public static let proofOutside = FaultCode("0320", .input, "the log does not reach that far")
  /// A file is no proof.
  public static let proofInvalid = FaultCode("0321", .input, "a file is no proof")
  /// A proof does not prove what it says.
  public static let proofFails = FaultCode("0322", .failures, "a proof does not hold")
  /// A place outside did not take a checkpoint.
  public static let anchorFailed = FaultCode("0323", .io, "an anchor did not take a checkpoint")
  /// The folder for the tiles holds something else, or cannot be written.
  public static let tilesUnwritable = FaultCode("0324", .cannotCreate, "the tiles cannot be written")
  /// A folder holds no tiles of a log, or not all of those that its checkpoint states.
  public static let tilesUnreadable = FaultCode("0325", .input, "the tiles cannot be read")
  /// An event of a type or a schema version that only a newer program knows.
  public static let eventNewer = FaultCode("0331", .io, "an event was made by a newer program")
  /// The log keeps no such checkpoint.
  public static let checkpointMissing = FaultCode("0340", .input, "the log keeps no such checkpoint")

  // MARK: PL-04..: the subject keys.

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
  /// No member of that name can be disclosed: the event is of the older form, its subject erased, or it has no such one.
  public static let disclosureImpossible = FaultCode("0414", .failures, "a sealed value cannot be disclosed singly")
  /// The proof of a disclosed member does not hold, or cannot be read.
  public static let disclosureInvalid = FaultCode("0415", .failures, "the proof of a disclosed value does not hold")

  // MARK: PL-05..: the views.

  /// `views.sqlite` cannot be used.
  public static let viewsDamaged = FaultCode("0501", .io, "views.sqlite cannot be used")
  /// The views show events that the log does not hold: they are evidence of what the log has lost.
  public static let viewsAhead = FaultCode("0502", .io, "the views know more than the log")
  /// `audit.sqlite` cannot be used.
  public static let auditDamaged = FaultCode("0503", .io, "audit.sqlite cannot be used")

  // MARK: PL-06..: the ledger folder and its locks.

  /// The folder holds no ledger.
  public static let ledgerMissing = FaultCode("0601", .configuration, "there is no ledger in that folder")
  /// `init` would overwrite something.
  public static let ledgerExists = FaultCode("0602", .cannotCreate, "the folder is not empty")
  /// The folder or a file in it cannot be made.
  public static let ledgerCannotCreate = FaultCode("0603", .cannotCreate, "the ledger cannot be created")
  /// Another process holds a lock.
  public static let lockBusy = FaultCode("0604", .busy, "another process is at work")
  /// A lock file cannot be used.
  public static let lockUnusable = FaultCode("0605", .cannotCreate, "a lock file cannot be used")
  /// Nothing may be written to the folder, or not as this user.
  public static let ledgerProtected = FaultCode("0606", .io, "nothing is written to this ledger from here")
  /// A look at many people's data cannot be recorded.
  public static let lookUnrecorded = FaultCode("0607", .busy, "a look cannot be recorded")
  /// The folder is a copy, or an anchor knows of a longer log.
  public static let ledgerCopied = FaultCode("0608", .configuration, "the ledger may not be the newest one")

  /// The system does not let this user look into the folder.
  public static let ledgerForbidden = FaultCode("0609", .io, "this user may not look into the ledger's folder")

  // MARK: PL-07..: TeamViewer, or another SCIM target.

  /// The target's URL is malformed, or plain http to another machine.
  public static let targetURL = FaultCode("0701", .configuration, "the target's URL is not allowed")
  /// The token is empty or cannot stand in a header.
  public static let targetTokenMalformed = FaultCode("0702", .credentials, "the target's token is malformed")
  /// The target does not know the token: 401.
  public static let targetToken = FaultCode("0703", .credentials, "the target refuses the token")
  /// The token may not do what is needed: 403.
  public static let targetPermission = FaultCode("0704", .credentials, "the token lacks a permission")
  /// Nobody listens, there is no way, or no answer comes.
  public static let targetUnreachable = FaultCode("0711", .unreachable, "the target cannot be reached")
  /// The host name is unknown.
  public static let targetName = FaultCode("0712", .unreachable, "the target's host name is unknown")
  /// The TLS handshake fails.
  public static let targetTLS = FaultCode("0713", .unreachable, "no TLS connection to the target")
  /// A page for a browser came back: a proxy or a sign-in page answers instead of the target.
  public static let targetHTML = FaultCode("0714", .unreachable, "a web page answers instead of the target")
  /// What answers at the URL is no SCIM, or none that can be read.
  public static let targetNotSCIM = FaultCode("0715", .unreachable, "what answers is no SCIM")
  /// The target has a fault of its own: 5xx.
  public static let targetFault = FaultCode("0716", .unreachable, "the target has a fault of its own")
  /// The target asks for a slower pace.
  public static let targetRateLimited = FaultCode("0717", .busy, "the target's limit of calls is used up")
  /// The pages of the list of accounts do not make a whole list.
  public static let targetList = FaultCode("0718", .unreachable, "the target's list of accounts is not whole")
  /// A variable of the environment names no proxy that can be used.
  public static let proxyURL = FaultCode("0721", .configuration, "the proxy's URL is not allowed")
  /// Nobody listens at the proxy, its name is unknown, or there is no way to it.
  public static let proxyUnreachable = FaultCode("0722", .unreachable, "the proxy cannot be reached")
  /// The proxy does not open the way to the target.
  public static let proxyRefused = FaultCode("0723", .unreachable, "the proxy opens no way to the target")
  /// The proxy asks for credentials, or for others: 407.
  public static let proxyCredentials = FaultCode("0724", .credentials, "the proxy refuses the credentials")
  /// The file of certificates cannot be read, holds none, or only such as do not hold now.
  public static let certificatesUnusable = FaultCode("0725", .configuration, "the certificates' file cannot be used")

  // MARK: PL-08..: deliveries to the target.

  /// No call leaves, because the target refuses the credentials.
  public static let quarantined = FaultCode("0801", .credentials, "deliveries are in quarantine")
  /// No call leaves, because what answers is no SCIM endpoint.
  public static let quarantinedNoSCIM = FaultCode("0802", .unreachable, "the target is no SCIM endpoint")
  /// There is no quarantine to release.
  public static let notQuarantined = FaultCode("0803", .failures, "there is no quarantine")
  /// An operator has paused deliveries, and the run does not wait for operators.
  public static let deliveriesPaused = FaultCode("0804", .busy, "deliveries are paused")
  /// A run until idle ended, because nothing got through for too long.
  public static let fruitless = FaultCode("0805", .unreachable, "nothing gets through to the target")
  /// Nothing of that person, or of anybody, is set aside, or is still to be delivered.
  public static let nothingOpen = FaultCode("0811", .failures, "there is no such delivery")
  /// An operator has set the delivery aside in that way before.
  public static let asideAlready = FaultCode("0812", .failures, "the delivery is set aside already")
  /// An operator has paused deliveries before.
  public static let pausedAlready = FaultCode("0813", .failures, "deliveries are paused already")
  /// There is no pause to end.
  public static let notPaused = FaultCode("0814", .failures, "deliveries are not paused")
  /// A comparison of TeamViewer with the log did not come about in time, or cannot begin now.
  public static let reconcileWaits = FaultCode("0821", .busy, "the comparison has to wait")

  // MARK: PL-09..: cycles, safeguards, erasures, legal holds, plans.

  /// No safeguard of that name holds anybody.
  public static let safeguardUnknown = FaultCode("0901", .failures, "no safeguard of that name holds anybody")
  /// The person is in the directory, so that the next cycle would bring all of it back.
  public static let erasureInDirectory = FaultCode("0902", .failures, "who is in the directory is not erased")
  /// TeamViewer has an active account of the person.
  public static let erasureActiveAccount = FaultCode("0903", .failures, "who has an active account is not erased")
  /// A write is not settled, or no read has shown that the account is inactive.
  public static let erasureUnverified = FaultCode("0904", .failures, "the disable of the account is not verified")
  /// The person is under a legal hold.
  public static let erasureOnHold = FaultCode("0905", .failures, "who is under a legal hold is not erased")
  /// The person was erased before.
  public static let alreadyErased = FaultCode("0906", .failures, "the person was erased")
  /// The log says erased, but a file could not be cleared yet.
  public static let erasureUnfinished = FaultCode("0907", .io, "an erasure is not finished")
  /// There is a hold already, which a second one would hide.
  public static let holdThere = FaultCode("0908", .failures, "there is a legal hold already")
  /// There is no hold to lift.
  public static let holdMissing = FaultCode("0909", .failures, "there is no legal hold")
  /// The plan's file cannot be read, or is not what `target restore` wrote.
  public static let planInvalid = FaultCode("0910", .input, "the plan cannot be read")
  /// The plan was made from another log, or from one that was put back since.
  public static let planForeign = FaultCode("0911", .input, "the plan is of another log")
  /// Somebody in the plan was decided anew since.
  public static let planOutdated = FaultCode("0912", .failures, "somebody in the plan has a newer decision")
  /// Something is where the plan is to be written, or it cannot be written there.
  public static let planInTheWay = FaultCode("0913", .cannotCreate, "the plan cannot be written there")
  /// The log does not reach back, or on, to that moment.
  public static let momentUnknown = FaultCode("0914", .usage, "the log knows nothing of that moment")
  /// What an erasure would do is no longer what somebody agreed to.
  public static let erasureChanged = FaultCode("0915", .failures, "an erasure is no longer what was confirmed")
  /// A source of that name owns nobody.
  public static let sourceUnknown = FaultCode("0916", .usage, "the source owns nobody")
  /// The plan was carried out before.
  public static let planApplied = FaultCode("0917", .failures, "the plan was applied already")
}
