import Base
import EventLog
import Foundation
import Glibc
import Provisioning
import TestSupport
import Testing

@testable import Ledger

extension ProcessTests {
  @Suite("Ledger: checkpoints and anchors")
  struct LedgerCheckpointTests {
    func ledger(_ place: TestLedger, events: Int = 3) async throws -> OpenLedger {
      let ledger = try place.open()
      try await append(events, to: ledger)
      return ledger
    }

    func append(_ count: Int, to ledger: OpenLedger) async throws {
      let exported = ReportExported(name: "log", format: "ndjson", count: 1)
      try await ledger.append((0..<count).map { _ in Event(.operators, .reportExported(exported)) }, actor: "test")
    }

    @Test("a new ledger has a private key of its own, and its checkpoints verify under its verifier key")
    func made() async throws {
      let place = try TestLedger()
      #expect(try place.permissions(place.folder + "/log.key") == 0o600)
      let ledger = try await ledger(place)
      let signed = try await ledger.checkpoint()
      #expect(signed.size == 3)
      #expect(signed.checkpoint.origin == "example.test/ledger")
      #expect(try signed.note.verify(with: [try ledger.verifierKey()]) == ["example.test/ledger"])
      #expect(try await ledger.checkpoint() == signed)
    }

    @Test("without its key a ledger opens and records, but signs nothing, and says what to do")
    func keyLost() async throws {
      let place = try TestLedger()
      try FileManager.default.removeItem(atPath: place.folder + "/log.key")
      let ledger = try await ledger(place)
      #expect(await fault { try await ledger.checkpoint() }?.code == .logKeyUnusable)
    }

    @Test("a rotation is an event, and the checkpoint that covers it is signed by both keys")
    func rotation() async throws {
      let place = try TestLedger()
      let ledger = try await ledger(place)
      let first = try await ledger.checkpoint()
      let old = try ledger.verifierKey()
      let signed = try await ledger.rotateLogKey(actor: "operator")
      let new = try ledger.verifierKey()
      #expect(old != new)
      #expect(try ledger.types(after: 3) == [LogKeyRotated.type])
      #expect(signed.note.signatures.count == 2)
      for key in [old, new] { #expect(try signed.note.verify(with: [key]).count == 1) }
      #expect(try ledger.verifierKeys() == [old, new])
      try await append(1, to: ledger)
      let next = try await ledger.checkpoint()
      #expect(next.note.signatures.count == 1)
      try next.note.verify(with: [new])
      for checkpoint in [first, signed, next] { try checkpoint.note.verify(with: try ledger.verifierKeys()) }
    }

    @Test(
      "a rotation that was cut off after the keys were written, or after the event, is finished by the next checkpoint")
    func rotationCut() async throws {
      for isRecorded in [false, true] {
        let place = try TestLedger()
        let ledger = try await ledger(place)
        try await ledger.checkpoint()
        let path = place.folder + "/log.key"
        let old = try LogKey.read(path: path, origin: "example.test/ledger")[0]
        let new = try LogKey(origin: "example.test/ledger")
        try LogKey.write([old, new], path: path)
        if isRecorded {
          let rotated = LogKeyRotated(old: old.verifier.text, new: new.verifier.text)
          try await ledger.append([Event(.ledger, .logKeyRotated(rotated))], actor: "operator")
        }
        let signed = try await ledger.checkpoint()
        #expect(signed.note.signatures.count == 2)
        #expect(try ledger.types(after: 3) == [LogKeyRotated.type])
        #expect(try ledger.verifierKey() == new.verifier)
        #expect(try ledger.verifierKeys() == [old.verifier, new.verifier])
      }
    }

    // MARK: Anchors

    func anchored(files: [String] = [], commands: [String] = []) async throws -> (TestLedger, OpenLedger) {
      let place = try TestLedger()
      func list(_ texts: [String]) -> String { "[" + texts.map { "\"\($0)\"" }.joined(separator: ", ") + "]" }
      try place.reconfigure("anchorFiles: []", with: "anchorFiles: " + list(files.map { place.root + "/" + $0 }))
      try place.reconfigure("anchorCommands: []", with: "anchorCommands: " + list(commands))
      return (place, try await ledger(place))
    }

    @Test("a file gets each checkpoint once, a command gets it on standard input")
    func told() async throws {
      let (place, ledger) = try await anchored(files: ["notes"], commands: ["cat > /dev/null"])
      let first = try await ledger.checkpoint()
      for _ in 0..<2 { #expect(try await ledger.tellAnchors(of: first).isEmpty) }
      try await append(2, to: ledger)
      let second = try await ledger.checkpoint()
      #expect(try await ledger.tellAnchors(of: second).isEmpty)
      let notes = try SignedNote.all(in: place.bytes(place.root + "/notes"), named: "notes")
      #expect(notes == [first.note, second.note])
      #expect(try ledger.anchorStates().map(\.size) == [5, 5])
      #expect(!FileManager.default.fileExists(atPath: place.folder + "/anchor.note"))
    }

    @Test("what a command gets is the note, byte for byte, also when it reads none of it")
    func commands() async throws {
      let (place, ledger) = try await anchored(commands: ["true"])
      let path = place.root + "/got"
      let signed = try await ledger.checkpoint()
      try await ledger.tell(.command("cat > '\(path)'"), of: signed)
      #expect(String(decoding: try place.bytes(path), as: UTF8.self) == signed.note.description)
      #expect(try await ledger.tellAnchors(of: signed).isEmpty)
    }

    @Test("an anchor's file of any length is read by its end, and a pipe, a link or a planted list does no harm")
    func hostileAnchorFiles() async throws {
      let (place, ledger) = try await anchored(files: ["notes"])
      let first = try await ledger.checkpoint()
      let path = "\(place.root)/notes"
      let note = first.note.description + "\n"
      try place.write("notes", String(repeating: note, count: 400_000 / note.utf8.count))
      try await append(1, to: ledger)
      let second = try await ledger.checkpoint()
      #expect(try await ledger.tellAnchors(of: second).isEmpty)
      #expect(try SignedCheckpoint.last(in: path) == second)
      // Where its list of erasures is made, a link to the keys was planted.
      let keys = try place.bytes("\(place.folder)/keys.sqlite")
      let list = "\(path).erasures"
      try FileManager.default.removeItem(atPath: list)
      for name in [list, "\(list).new"] {
        try FileManager.default.createSymbolicLink(atPath: name, withDestinationPath: "\(place.folder)/keys.sqlite")
      }
      #expect(try await ledger.tellAnchors(of: second).count == 1, "what the link leads to is no list")
      #expect(try place.bytes("\(place.folder)/keys.sqlite") == keys)
      try FileManager.default.removeItem(atPath: path)
      #expect(mkfifo(path, 0o600) == 0)
      #expect(try await ledger.tellAnchors(of: second).values.first?.code == .anchorFailed)
    }

    @Test("a command sees neither token nor master key in its environment")
    func environment() async throws {
      let (place, ledger) = try await anchored(commands: ["true"])
      let path = "\(place.root)/environment"
      setenv("PROVLEDGER_TEST_TOKEN", "secret-of-the-environment", 1)
      defer { unsetenv("PROVLEDGER_TEST_TOKEN") }
      try await ledger.tell(.command("env > '\(path)'"), of: try await ledger.checkpoint())
      let text = String(decoding: try place.bytes(path), as: UTF8.self)
      #expect(text.contains("PATH="))
      #expect(!text.contains("secret-of-the-environment"))
    }

    @Test("a secret in a command's line stands in no file but the configuration and what is derived of it")
    func commandSecrets() async throws {
      let secret = "bearer-4f1d2c3b5a69"
      let (place, ledger) = try await anchored(commands: ["true \(secret)", "exit 3 # \(secret)", "/none/\(secret)"])
      // As a former program named it.
      try await ledger.log.record(anchor: "command true \(secret)", failedWith: "It was: true \(secret)")
      let signed = try await ledger.checkpoint()
      let faults = try await ledger.tellAnchors(of: signed)
      #expect(faults.count == 2 && faults.values.allSatisfy { !"\($0)".contains(secret) })
      let states = try ledger.anchorStates()
      #expect(states.map(\.size) == [3, nil, nil] && Set(states.map(\.name)).count == 3)
      #expect(states.allSatisfy { !"\($0)".contains(secret) })
      try ledger.log.checkpointWAL()
      for name in try FileManager.default.contentsOfDirectory(atPath: place.folder) where name != "provledger.yaml" {
        let bytes = Data(try place.bytes("\(place.folder)/\(name)"))
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
      }
    }

    @Test("a command is not run where others may write the configuration")
    func commandTrust() async throws {
      for isFolder in [false, true] {
        let (place, _) = try await anchored(commands: ["true"])
        #expect(chmod(isFolder ? place.folder : place.configuration, isFolder ? 0o770 : 0o660) == 0)
        let ledger = try place.open()
        let ran = "\(place.root)/ran"
        let fault = await fault {
          try await ledger.tell(.command("touch '\(ran)'"), of: try await ledger.checkpoint())
        }
        #expect(fault?.code == .anchorFailed && fault?.sentence.contains("Others may write") == true)
        #expect(!FileManager.default.fileExists(atPath: ran))
      }
    }

    @Test("a command that is ended takes what it started along")
    func commandGroup() async throws {
      let (place, ledger) = try await anchored(commands: ["true"])
      let signed = try await ledger.checkpoint()
      let pipe = "\(place.root)/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      let reader = Glibc.open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      defer { close(reader) }
      // The child of the shell, deaf to polite signals, holds the other end as long as it lives.
      let line = "(trap '' TERM; exec > '\(pipe)'; echo up; sleep 600 & wait; sleep 600) & wait"
      let running = Task { try await ledger.tell(.command(line), of: signed) }
      try await Self.wait(reader, for: Int16(POLLIN))
      running.cancel()
      await #expect(throws: (any Error).self) { try await running.value }
      var rest = [UInt8](repeating: 0, count: 16)
      #expect(read(reader, &rest, rest.count) == 3)
      try await Self.wait(reader, for: Int16(POLLHUP))
    }

    /// Waits until a pipe can be read, or nobody holds its other end any more.
    static func wait(_ descriptor: Int32, for event: Int16) async throws {
      try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
        Thread.detachNewThread {
          var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
          let count = poll(&request, 1, 20_000)
          let isSeen = count == 1 && request.revents & event != 0
          done.resume(with: isSeen ? .success(()) : .failure(Fault(.anchorFailed, "nothing came of it")))
        }
      }
    }

    @Test("an anchor that fails is kept with its reason, and does not keep the others from theirs")
    func failures() async throws {
      let (place, ledger) = try await anchored(files: ["none/notes", "notes"], commands: ["exit 3"])
      let signed = try await ledger.checkpoint()
      let faults = try await ledger.tellAnchors(of: signed)
      #expect(faults.count == 2)
      #expect(faults.values.allSatisfy { $0.code == .anchorFailed })
      let states = try ledger.anchorStates()
      #expect(states.map(\.size) == [nil, 3, nil])
      #expect(states.map { $0.failed == nil } == [false, true, false])
      #expect(states[2].failure?.contains("exited(3)") == true)
      try FileManager.default.createDirectory(atPath: place.root + "/none", withIntermediateDirectories: true)
      #expect(try await ledger.tellAnchors(of: signed).count == 1)
      #expect(try ledger.anchorStates()[0].failure == nil)
    }

    @Test("a log that does not continue what an anchor holds is found there")
    func putBack() async throws {
      let (place, ledger) = try await anchored(files: ["notes"])
      let signed = try await ledger.checkpoint()
      _ = try await ledger.tellAnchors(of: signed)
      // Another history under the same name and key: what an administrator with the key can make.
      let other = try TestLedger()
      let key = try place.bytes(place.folder + "/log.key")
      try Data(key).write(to: URL(fileURLWithPath: other.folder + "/log.key"))
      let forged = try await self.ledger(other, events: 5)
      let later = try await forged.checkpoint()
      await #expect { try await forged.tell(.file(place.root + "/notes"), of: later) } throws: {
        ($0 as? Fault)?.code == .logForked
      }
    }
  }
}
