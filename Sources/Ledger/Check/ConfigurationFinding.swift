public import Base

/// One thing that is wrong with a configuration file: what kind it is, where it stands, and the way out.
public struct ConfigurationFinding: Equatable, Sendable {
  /// What kind of mistake it is. The names are stable: `config check --json` prints them.
  public enum Kind: String, CaseIterable, Sendable {
    // MARK: The file

    /// It is no YAML.
    case syntax
    /// A key is there twice.
    case duplicateKey
    /// Something is said by an alias.
    case alias

    // MARK: Keys

    /// A key that nobody asks for.
    case unknownKey
    /// A key that must be there is not.
    case missingKey
    /// Keys with values are wanted, and something else is there.
    case notKeys

    // MARK: Values

    /// A text is wanted.
    case notText
    /// A text must not be empty.
    case empty
    /// A whole number is wanted.
    case notNumber
    /// A number is outside its range.
    case outOfRange
    /// `true` or `false` is wanted.
    case notFlag
    /// A list is wanted.
    case notList
    /// None of the words that are known there.
    case unknownWord
    /// A name with other characters than a name may have.
    case name
    /// A log's name with other characters than a name may have.
    case origin
    /// An address that is malformed, or neither https nor on this machine.
    case url
    /// A secret stands in the file.
    case secret
    /// A time, a day or a moment that is none.
    case time
    /// Two of the same name.
    case duplicateName

    // MARK: What belongs together

    /// Nothing says where a secret is, or how an application proves who it is.
    case noCredentials
    /// Credentials are said in two ways.
    case twoCredentials
    /// Two settings that cannot both be there.
    case contradiction

    // MARK: What is read of people

    /// No property of a directory user.
    case unknownAttribute
    /// A property whose changes Microsoft Graph does not report.
    case untrackedAttribute

    // MARK: Mapping

    /// An expression that cannot be read.
    case expression
    /// A function that nobody knows.
    case unknownFunction
    /// A function with the wrong arguments.
    case arguments
    /// A pattern that cannot be read.
    case pattern
    /// A function whose value is no use here.
    case unusableFunction
    /// A mapping of none or of several of attribute, constant and expression.
    case source
    /// An attribute that TeamViewer does not take.
    case unknownTarget
    /// Two mappings onto one attribute.
    case duplicateTarget
    /// An attribute that must have a value, and never gets one.
    case requiredTarget
    /// An attribute that cannot find an account.
    case matching
    /// A mapping that would make somebody active who is not, or the other way round.
    case activeMapping

    // MARK: Scope

    /// A group of a filter without a clause.
    case emptyGroup
    /// An operator that nobody knows.
    case unknownOperator
    /// An operator without the value that it needs.
    case operandMissing
    /// A value for an operator that takes none.
    case operandSuperfluous
    /// A value that is no number where one is compared.
    case operandNotNumber
    /// An attribute that a scoping filter cannot compare.
    case scopeAttribute
    /// A comparison that says nothing of the values that the attribute has.
    case comparison
  }

  /// What kind it is.
  public var kind: Kind
  /// The code, the sentence and the place.
  public var fault: Fault
}
