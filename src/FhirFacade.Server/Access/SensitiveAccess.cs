namespace FhirFacade.Server.Access;

/// <summary>Who is given what carries the label of a sensitive category, of all that their tokens open.</summary>
public enum SensitiveAccess
{
    /// <summary>Whoever treats the patient (<c>TREAT</c> and what is below it), the patient (<c>PATRQT</c>), and clients whose policy names the category.</summary>
    Treatment,

    /// <summary>The patient who has signed in, and clients whose policy names the category.</summary>
    Named,

    /// <summary>Everybody: labels are made, and it is for consents and policies to heed them.</summary>
    Open,
}
