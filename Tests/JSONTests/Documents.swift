/// Valid documents for the tests that cut, split and spoil them.
enum Documents {
  /// Documents that end with the byte that completes them, so that no proper prefix of them is one.
  static let closed: [String] = [
    "null", "true", "false", "[]", "{}", #""""#, #""plain""#, #""\u00e9\ud83d\ude00\n\/""#, #""é€😀""#,
    "[0,-1,1.5,-2e3,3E+4,4.25e-6,9223372036854775807,9223372036854775808]",
    #" [ true , false , null , "x" , [ ] , { } ]"#,
    #"{"a":["\u00e9",true,null,-1.5e3,{"b":"\ud83d\ude00"}]}"#,
    #"{"schemas":["urn:x"],"id":"u1","emails":[{"value":"mia@corp.example","primary":true}],"n":{"m":{}}}"#,
    "\t{\r\n \"näme\" : [ [ [ 1 ] ] , \"tab\\t\\\"quote\\\" \\\\ end\" ] ,\n \"\\u006e\" : -0 }",
    // Long runs, since the scanner looks at eight bytes at a time.
    #"{"long":"0123456789abcdef0123456789\\abcdef\u0041é","after":"0123456"}"#,
  ]

  /// All that `closed` holds, with white space at the end, and numbers that a longer text might go on with.
  static let all: [String] = closed + closed.map { $0 + " \n" } + ["0", "-0", "12", "1.50", "1e3", "-9.75E-2"]
}
