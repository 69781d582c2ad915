import Base
import Expressions
import JSON
import Testing

@Suite("Values that change by themselves") struct ChanceTests {
  @Test("Guid has the form of RFC 9562, version 4, and is another for another seed", arguments: 1...50)
  func guid(_ seed: UInt64) throws {
    guard case .value(.text(let guid)) = try outcome("Guid()", seed: seed).result else { throw Missing() }
    let form = try DotNetPattern("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
    #expect(try form.isFound(in: guid))
    #expect(try outcome("Guid()", seed: seed + 50).result != .value(.text(guid)))
    #expect(try outcome("Guid()", seed: seed).result == .value(.text(guid)))
  }

  @Test("RandomString keeps length and minima, and avoids", arguments: 1...100) func string(_ seed: UInt64) throws {
    guard case .value(.text(let text)) = try outcome(#"RandomString(20,3,2,4,5,"O0lI")"#, seed: seed).result else {
      throw Missing()
    }
    #expect(text.count == 20)
    #expect(text.filter(\.isNumber).count >= 3)
    #expect(text.filter { !$0.isNumber && !$0.isLetter }.count >= 2)
    #expect(text.filter(\.isUppercase).count >= 4)
    #expect(text.filter(\.isLowercase).count >= 5)
    #expect(text.allSatisfy { !"O0lI".contains($0) })
  }

  @Test("RandomString of digits and small letters alone") func exact() throws {
    guard case .value(.text(let text)) = try outcome("RandomString(6,3,0,0,3)").result else { throw Missing() }
    #expect(text.filter(\.isNumber).count == 3 && text.filter(\.isLowercase).count == 3)
  }

  @Test(
    "RandomString refuses what cannot be",
    arguments: [
      "RandomString(5,3,3,0,0)", "RandomString(257,0,0,0,0)", "RandomString(0,0,0,0,0)", "RandomString(9,-1,0,0,0)",
      #"RandomString(9,1,0,0,0,"0123456789")"#,
    ]) func refused(_ expression: String)
  { #expect(failure(expression)?.sentence.contains("RandomString") == true) }

  @Test("Which expressions change by themselves is known without evaluating them") func known() throws {
    #expect(try MappingExpression("Now()").changesByItself)
    #expect(try MappingExpression(#"Append([a], Guid())"#).changesByItself)
    #expect(try !MappingExpression(#"DateAdd("d", 1, [employeeHireDate])"#).changesByItself)
  }

  private struct Missing: Error {}
}
