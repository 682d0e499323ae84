namespace FhirFacade.Fuzz;

/// <summary>A promise that an input has shown to be broken.</summary>
public sealed class FuzzViolation(string promise) : Exception(promise)
{
    /// <summary>Throws where a promise does not hold.</summary>
    public static void Unless(bool holds, string promise)
    {
        if (!holds)
        {
            throw new FuzzViolation(promise);
        }
    }
}
