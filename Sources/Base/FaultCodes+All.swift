extension FaultCode {
  /// Every code, in order of its number.
  public static let all: [FaultCode] = [
    inputUnreadable, inputNotAFile, inputEmpty, inputEncoding, inputTooLarge, inputFormat, csvColumns, csvRow,
    csvQuote, jsonSyntax, jsonShape, pageMissing, deltaLinkMissing, deltaLinkStale, attributeMissing,
    attributeValue, duplicateObject, noPeople, signInUnknown, attributeUnread, configurationUnreadable,
    configurationSyntax, configurationKey, configurationValue, tokenMissing, proxyCredentialsMissing, expressionWrong,
    logUnreadable, logMissing,
    logNewer, logNotDurable, logDamaged, logFull, logBusy, logReadOnly, logClosed, logLock, entryTooLarge,
    eventInvalid, entryUnreadable, eventUnreadable, logForked, logKeyUnusable, verifierKeyInvalid, noteInvalid,
    noteUnsigned, proofOutside, proofInvalid, proofFails, anchorFailed, tilesUnwritable, tilesUnreadable, eventNewer,
    checkpointMissing, keysUnreadable, keysNewer, keysNotDurable, keysDamaged, keysFull, keysBusy, keysReadOnly,
    sealBroken, keyMissing, masterKeyMissing, masterKeyWrong, masterKeyUnusable, keysMissing,
    disclosureImpossible, disclosureInvalid, viewsDamaged, viewsAhead, auditDamaged, ledgerMissing, ledgerExists,
    ledgerCannotCreate, lockBusy, lockUnusable, ledgerProtected, lookUnrecorded, ledgerCopied, ledgerForbidden,
    targetURL, targetTokenMalformed, targetToken, targetPermission,
    targetUnreachable, targetName, targetTLS, targetHTML, targetNotSCIM, targetFault, targetRateLimited,
    targetList, proxyURL, proxyUnreachable, proxyRefused, proxyCredentials, certificatesUnusable, quarantined,
    quarantinedNoSCIM, notQuarantined, deliveriesPaused, fruitless, nothingOpen, asideAlready, pausedAlready,
    notPaused, reconcileWaits, safeguardUnknown, erasureInDirectory, erasureActiveAccount, erasureUnverified,
    erasureOnHold, alreadyErased, erasureUnfinished, holdThere, holdMissing, planInvalid, planForeign,
    planOutdated, planInTheWay, momentUnknown, erasureChanged, sourceUnknown, planApplied, personUnknown,
    personAmbiguous,
    outputUnwritable, noTerminal, demoFailed, evidenceTooLarge, evidenceInTheWay, exportOvertaken, exportInTheWay,
    backupMissing, backupInTheWay,
    backupFile, backupDamaged,
    backupForeign, backupBusy, erasuresInvalid, backupUnsigned, backupConfiguration, rebuildImpossible, rebuildDiffers,
  ]
}
