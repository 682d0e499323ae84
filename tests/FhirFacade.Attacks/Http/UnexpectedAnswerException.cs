namespace FhirFacade.Attacks.Http;

/// <summary>The server did not play its part in what an attack has to do first, so that nothing is known of the attack.</summary>
public sealed class UnexpectedAnswerException(string expected, Answer answer) : Exception($"{expected}: {(int)answer.Status} {answer.Text}");
