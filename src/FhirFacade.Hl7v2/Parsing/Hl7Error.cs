namespace FhirFacade.Hl7v2.Parsing;

/// <summary>What is wrong with a message. It names the place and the rule, never the value found there.</summary>
/// <param name="Code">HL7 table 0357; see <see cref="Table0357"/>.</param>
/// <param name="Severity">HL7 table 0516.</param>
/// <param name="Location">A coordinate (<c>PID-3(2).4.1</c>), or <c>segment 3</c> (1-based), or <c>byte 17</c> (0-based) where no coordinate exists.</param>
/// <param name="Rule">The rule that does not hold, one sentence without message content.</param>
public sealed record Hl7Error(int Code, Hl7Severity Severity, string Location, string Rule);
