import Base
import Expressions
import JSON
import Testing

/// One expression and its value. The section is that of Microsoft Learn, "Reference for writing expressions for
/// attribute mappings in Microsoft Entra ID", named for the function.
struct Example: CustomTestStringConvertible, Sendable {
  let expression: String
  let attributes: JSONValue
  let expected: JSONValue

  init(_ expression: String, _ expected: JSONValue, _ attributes: JSONValue = [:]) {
    self.expression = expression
    self.attributes = attributes
    self.expected = expected
  }

  /// The section, and the example.
  var testDescription: String { "section \(function): \(expression)" }

  /// The function that the expression is an example of.
  var function: String { String(expression.prefix { $0 != "(" }).trimmingSpaces }
}

extension String {
  fileprivate var trimmingSpaces: String { String(self.drop { $0 == " " }.prefix { $0 != " " }) }
}

@Suite("Functions of the expression language") struct FunctionTests {
  static let role: JSONValue = ["id": "r1", "value": "admin", "displayName": "Admin"]
  static let roles: JSONValue = ["appRoleAssignments": [role]]

  /// An object has no text, and to look for one ends.
  static let objects: [Example] = [
    Example("ToLower([a])", .null, ["a": ["b": "C"]]), Example(#"Join(",", [appRoleAssignments])"#, .null, roles),
    Example("ToLower(AppRoleAssignmentsComplex([appRoleAssignments]))", .null, roles),
  ]

  static let texts: [Example] = [
    Example(#"Append("kim","-x")"#, "kim-x"), Example("Append([a], \"-x\")", .null),
    Example(#"Left("Saga",2)"#, "Sa"), Example(#"Left("Saga", 0)"#, ""), Example(#"Left("Saga", -1)"#, "Saga"),
    Example(#"Left("Saga", 9)"#, "Saga"), Example("Left([a], 2)", ""), Example(#"Left("Saga", "3")"#, "Sag"),
    Example(#"Left("😀x", 1)"#, ""), Example(#"Mid("abcdef",2,3)"#, "bcd"), Example(#"Mid("abcdef", 5, 9)"#, "ef"),
    Example(#"Mid("abc", 9, 1)"#, ""), Example("NormalizeDiacritics([n])", "Zoe", ["n": "Zoë"]),
    Example("NormalizeDiacritics([n])", "oauaAEoessLIi", ["n": "öåüäÆøßŁİı"]),
    Example("NormalizeDiacritics([n])", "đþœŵĥ", ["n": "đþœŵĥ"]),
    Example(#"PCase("PINTO-DE'SILVA"," '-")"#, "Pinto-De'Silva"),
    Example(#"PCase("mary ANN o'neil")"#, "Mary Ann O'neil"),
    Example(#"StripSpaces("a b c")"#, "abc"), Example(#"ToUpper("aå")"#, "AÅ"),
    Example(#"ToUpper("straße")"#, "STRAßE"),
    Example(#"ToLower("IX", "tr-TR")"#, "ıx"), Example(#"ToLower("IX")"#, "ix"), Example(#"Trim("  a b ")"#, "a b"),
    Example(#"Word("This,string!has&many separators",3,",!&#")"#, "has"),
    Example(#"Word("The quick brown fox",3," ")"#, "brown"), Example(#"Word("one two", 3, " ")"#, ""),
    Example(#"Word("one two", 0, " ")"#, ""), Example("Word([a], 1, \" \")", ""),
    Example(#"InStr("The quick brown fox","quick")"#, "5"), Example(#"InStr("repEated","e",3,vbBinaryCompare)"#, "7"),
    Example(#"InStr("repEated","e",3,"vbTextCompare")"#, "4"), Example(#"InStr("abc","x")"#, "0"),
    Example(#"Instr("abc","b")"#, "2"), Example(#"Redact("x")"#, "x"),
  ]

  static let choices: [Example] = [
    Example("Coalesce([mail],[userPrincipalName])", "kim@x.org", ["userPrincipalName": "kim@x.org"]),
    Example(#"Coalesce([a],[b],"none")"#, "none"), Example("Coalesce([a],[b])", .null),
    Example(#"Coalesce([a],"")"#, ""),
    Example(#"IIF([country]="SE","Nordic","Other")"#, "Nordic", ["country": "SE"]),
    Example(#"IIF([country]="SE","Nordic","Other")"#, "Other", ["country": "se"]),
    Example(#"IIF([country]="SE","Nordic","Other")"#, .null),
    Example(#"IIF(Not([country]="SE"),"Other","Nordic")"#, "Nordic", ["country": "SE"]),
    Example(#"IIF(Not([country]="SE"),"Other","Nordic")"#, "Other", ["country": "DE"]),
    Example(#"IIF(Not([country]="SE"),"Other","Nordic")"#, .null),
    Example(#"IIF(CBool([country]="SE"),"Nordic","Other")"#, .null),
    Example(#"IIF(Not(Not([country]="SE")),"Nordic","Other")"#, .null),
    Example(#"IIF(IsPresent(Not([country]="SE")),"yes","no")"#, "yes"),
    Example(#"Append(Not([country]="SE"), IIF(IsNull([a]), "!", "?"))"#, "True!"),
    Example(#"IIF(IsPresent([country]),"yes","no")"#, "no"), Example(#"IIF(IsNullOrEmpty([c]),"yes","no")"#, "yes"),
    Example(#"IIF([n] >= 10,"much","little")"#, "much", ["n": "10"]),
    Example(#"IIF([n] < 9,"much","little")"#, "little", ["n": 10]),
    Example(#"IIF([a]<>[b],1,2)"#, "1", ["a": "x", "b": "y"]),
    Example("IsNull([a])", "True"), Example(#"IsNull("")"#, "False"), Example(#"IsNullOrEmpty("")"#, "True"),
    Example(#"IsPresent("x")"#, "True"), Example("IsPresent([a])", "False"), Example(#"IsString("x")"#, "True"),
    Example("IsString([a])", "False"), Example(#"Not("False")"#, "True"), Example(#"Not("True")"#, "False"),
    Example("Not([IsSoftDeleted])", "False", ["IsSoftDeleted": true]),
    Example(#"IgnoreFlowIfNullOrEmpty("x")"#, "x"),
    Example(#"Switch([state],"X","QLD","Brisbane")"#, "Brisbane", ["state": "QLD"]),
    Example(#"Switch([state],"X","QLD","Brisbane")"#, "X", ["state": "qld"]),
    Example(#"Switch([state],"X","","none","QLD","Brisbane")"#, "none"),
    Example(#"Switch([state], , "QLD","Brisbane")"#, .null, ["state": "NSW"]),
    Example(#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#, "True", ["IsSoftDeleted": false]),
    Example(#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#, "False", ["IsSoftDeleted": true]),
    Example(#"SelectUniqueValue("taken", Join(".", "a", "b"))"#, "a.b"),
  ]

  static let conversions: [Example] = [
    Example("BitAnd(&HF, &HF7)", "7"), Example("CBool([a]=[b])", "True", ["a": "x", "b": "x"]),
    Example("CBool([a]=[b])", "False", ["a": "x"]), Example(#"CBool("0")"#, "False"), Example("CBool(2)", "True"),
    Example("CStr(12)", "12"), Example("CStr([enabled])", "True", ["enabled": true]),
    Example(#"ConvertToBase64("Hi")"#, "SABpAA=="),
    Example(#"ConvertToBase64("Hello world!")"#, "SABlAGwAbABvACAAdwBvAHIAbABkACEA"),
    Example(#"ConvertToUTF8Hex("Hi")"#, "4869"),
    Example(#"ConvertToUTF8Hex("Hello world!")"#, "48656C6C6F20776F726C6421"),
  ]

  static let lists: [Example] = [
    Example("Count([p])", "3", ["p": ["a", "b", "c"]]), Example("Count([p])", "0"),
    Example("Count([p])", "1", ["p": "a"]),
    Example("Item([p],1)", "a", ["p": ["a", "b"]]), Example("Item([p],3)", .null, ["p": ["a", "b"]]),
    Example(#"Join("-","a","","b")"#, "a-b"),
    Example(#"Join(", ", "", [surname], [givenName])"#, "Doe, John", ["surname": "Doe", "givenName": "John"]),
    Example(#"Join(";",[p],"z")"#, "a;b;z", ["p": ["a", "b"]]), Example(#"Join(";",[p])"#, .null),
    Example("RemoveDuplicates([p])", ["a", "b", "A"], ["p": ["a", "b", "a", "A"]]),
    Example(#"Split("a,b",",")"#, ["a", "b"]), Example(#"Split("a, b",",")"#, ["a", "b"]),
    Example(#"Item(Split("kim@x.org","@"),2)"#, "x.org"),
  ]

  static let dates: [Example] = [
    Example(#"CDate("2020-03-16-07:00")"#, "3/16/2020 7:00:00 AM"),
    Example(#"CDate("2021-06-30+08:00")"#, "6/29/2021 4:00:00 PM"),
    Example(#"CDate("2009-06-15T01:45:30-07:00")"#, "6/15/2009 8:45:30 AM"),
    Example(#"DateAdd("m", 10, CDate("2012-03-16-07:00"))"#, "1/16/2013 7:00:00 AM"),
    Example(#"DateAdd("yyyy", 10, CDate("2012-03-16-07:00"))"#, "3/16/2022 7:00:00 AM"),
    Example(#"DateAdd("d", 10, CDate("2012-03-16-07:00"))"#, "3/26/2012 7:00:00 AM"),
    Example(#"DateAdd("ww", 10, CDate("2012-03-16-07:00"))"#, "5/25/2012 7:00:00 AM"),
    Example(#"DateAdd("h", 10, CDate("2012-03-16-07:00"))"#, "3/16/2012 5:00:00 PM"),
    Example(#"DateAdd("n", 10, CDate("2012-03-16-07:00"))"#, "3/16/2012 7:10:00 AM"),
    Example(#"DateAdd("s", 10, CDate("2012-03-16-07:00"))"#, "3/16/2012 7:00:10 AM"),
    Example(#"DateAdd("m", 1, "2024-01-31")"#, "2/29/2024 12:00:00 AM"),
    Example(#"DateDiff("yyyy", "8/25/2021 5:41:18 PM", CDate("2012-03-16-07:00"))"#, "-9"),
    Example(#"DateDiff("m", "8/25/2021 5:41:18 PM", CDate("2012-03-16-07:00"))"#, "-113"),
    Example(#"DateDiff("d", "8/25/2021 5:41:18 PM", CDate("2012-03-16-07:00"))"#, "-3449"),
    Example(#"DateDiff("ww", "8/25/2021 5:41:18 PM", CDate("2012-03-16-07:00"))"#, "-493"),
    Example("DateFromNum(129699324000000000)", "1/1/2012 11:00:00 PM"),
    Example(#"NumFromDate("2020-12-31 23:59:59-08:00")"#, "132539615990000000"),
    Example(#"FormatDateTime("31/12/2026", ,"dd/MM/yyyy","yyyy-MM-dd")"#, "2026-12-31"),
    Example(#"FormatDateTime("31/12/2026","dd/MM/yyyy","d MMM yy")"#, "31 Dec 26"),
    Example(#"FormatDateTime([d], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")"#, "2020-12-31", ["d": "20201231235959.0Z"]),
    Example("Now()", "7/2/2021 3:33:38 PM"), Example("CDate([a])", .null),
  ]

  static let replaces: [Example] = [
    Example(#"Replace("a-b-c","-", , ,"_", ,)"#, "a_b_c"), Example(#"Replace("a-b-c","-", , ,"_")"#, "a_b_c"),
    Example(#"Replace("kim","{u}", , , , ,"{u}@ex.org")"#, "kim@ex.org"),
    Example(#"Replace("+46 701234567", ,"\\+(?<cc>\\d* )(?<n>\\d+)", ,"${n}", ,)"#, "701234567"),
    Example(#"Replace("kim@ex.org", ,"(?<Suffix>@(.)*)","Suffix","", ,)"#, "kim"),
    Example(
      #"Replace([phone], ,"\\+(?<cc>\\d* )(?<n>\\d+)","n", ,[mobile],)"#, "701234567", ["mobile": "+46 701234567"]),
    Example(
      #"Replace([phone], ,"\\+(?<cc>\\d* )(?<n>\\d+)","n", ,[mobile],)"#, "5",
      ["phone": "5", "mobile": "+46 701234567"]),
    Example(#"Replace("x1y22", ,"(\\d)(\\d)?", ,"<$1|$2>", , )"#, "x<1|>y<2|2>"),
    Example(#"Replace("cost", ,"cost", ,"$$5 ${none}", , )"#, "$5 ${none}"),
    Example(#"Replace([a],"x", , ,"y")"#, .null),
  ]

  static let roleExamples: [Example] = [
    Example("SingleAppRoleAssignment([appRoleAssignments])", "Admin", roles),
    Example("AppRoleAssignments([appRoleAssignments])", ["Admin"], roles),
    Example(
      "AppRoleAssignmentsComplex([appRoleAssignments])", [["display": "Admin", "primary": false, "value": "admin"]],
      roles),
    Example(
      "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])",
      [["display": "B", "primary": false, "value": "B"]], ["appRoleAssignments": ["B"]]),
    Example("SingleAppRoleAssignment([appRoleAssignments])", .null),
  ]

  static let examples = texts + objects + choices + conversions + lists + dates + replaces + roleExamples

  @Test("Worked examples", arguments: examples) func example(_ example: Example) throws {
    #expect(try value(example.expression, example.attributes) == example.expected)
  }

  @Test("Every function has an example, or a test of its own") func everyFunction() {
    let shown = Set(Self.examples.map(\.function)).union(["Guid", "RandomString", "DefaultDomain"])
    #expect(Set(ExpressionFunction.all.map(\.name)).subtracting(shown) == [])
    #expect(ExpressionFunction.all.count == 47)
  }

  @Test("Several values where one is needed are refused by name") func several() {
    let error = failure(#"Append([p], "x")"#, ["p": ["a", "b"]])
    #expect(error?.sentence.contains("`source` has 2 values") == true)
    #expect(failure("SingleAppRoleAssignment([r])", ["r": ["a", "b"]])?.sentence.contains("2 roles") == true)
  }

  @Test("Words that leave an attribute or a person out") func ignores() throws {
    #expect(try outcome("IgnoreFlowIfNullOrEmpty([department])").result == .ignoreAttribute)
    #expect(try outcome("IIF(IsPresent([a]), [a], IgnoreAttributeFlow)").result == .ignoreAttribute)
    #expect(try outcome("Coalesce([a], IgnoreObjectFlow)").result == .ignoreObject)
    #expect(try outcome("IIF(IsPresent([a]), [a], NULL)").result == .value(.null))
    #expect(try value("IIF(True, False, True)") == "False")
  }

  @Test("What is not chosen is not evaluated") func lazy() throws {
    #expect(try value(#"IIF(IsPresent([a]), CDate("nonsense"), "fine")"#) == "fine")
    #expect(try value(#"Switch("a", CDate("nonsense"), "a", "fine", "b", CDate("nonsense"))"#) == "fine")
    #expect(failure(#"CDate("nonsense")"#)?.sentence.contains("no date that is known") == true)
  }

  @Test("All rules of SelectUniqueValue taken is an error of its own") func taken() {
    #expect(failure(#"SelectUniqueValue("taken", "taken")"#)?.sentence.contains("every rule") == true)
  }

  @Test("The default domain comes from the tenant") func defaultDomain() throws {
    #expect(failure("DefaultDomain()")?.sentence.contains("not known here") == true)
    var input = ExpressionInput(now: .init(milliseconds: 0), chance: .init(seed: 1)) { _ in .null }
    input.defaultDomain = "contoso.com"
    let outcome = try MappingExpression(#"Append("@", DefaultDomain())"#).evaluate(input)
    #expect(outcome.result == .value(.text("@contoso.com")))
  }
}
