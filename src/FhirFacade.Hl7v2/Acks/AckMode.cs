using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Acks;

/// <summary>
/// Which acknowledgements the sender of a message wants (chapter 2, acknowledgement modes). Original mode: neither MSH-15 nor MSH-16 is valued,
/// one application acknowledgement. Enhanced mode: MSH-15 says when a commit acknowledgement is wanted, MSH-16 when an application one; the one
/// that is not valued is not wanted.
/// </summary>
/// <param name="IsEnhanced">True for enhanced mode.</param>
/// <param name="Accept">MSH-15.</param>
/// <param name="Application">MSH-16.</param>
public sealed record AckMode(bool IsEnhanced, AckCondition Accept, AckCondition Application)
{
    /// <summary>One application acknowledgement, always.</summary>
    public static AckMode Original { get; } = new(false, AckCondition.Never, AckCondition.Always);

    /// <summary>The mode of a message; original for one that could not be read.</summary>
    public static AckMode Of(Hl7Message? message)
    {
        if (message is null)
        {
            return Original;
        }

        var accept = message[0][15];
        var application = message[0][16];
        return accept.HasValue || application.HasValue
            ? new AckMode(true, Condition(accept), Condition(application))
            : Original;
    }

    /// <summary>True if a commit acknowledgement is due. Never in original mode.</summary>
    public bool WantsAccept(bool success) => IsDue(Accept, success);

    /// <summary>True if an application acknowledgement is due.</summary>
    public bool WantsApplication(bool success) => IsDue(Application, success);

    // A code that is not in table 0155 gets an answer: silence would look like a lost message.
    private static AckCondition Condition(Hl7Element field) =>
        !field.HasValue || field[1].Is("NE") ? AckCondition.Never
        : field[1].Is("ER") ? AckCondition.OnError
        : field[1].Is("SU") ? AckCondition.OnSuccess
        : AckCondition.Always;

    private static bool IsDue(AckCondition condition, bool success) => condition switch
    {
        AckCondition.Never => false,
        AckCondition.OnError => !success,
        AckCondition.OnSuccess => success,
        _ => true,
    };
}
