namespace FhirFacade.Fhir.Consents;

/// <summary>What may be done with data (http://terminology.hl7.org/CodeSystem/consentaction). The numbers are those of the database.</summary>
[Flags]
public enum ConsentActions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To get or make it: a new resource.</summary>
    Collect = 1,

    /// <summary>To see it. That a server tells the use that is made of data from its being seen, or disclosed, is beyond it: any of the three is reading.</summary>
    Access = 2,

    /// <summary>To change it, or to take it away.</summary>
    Correct = 4,
}
