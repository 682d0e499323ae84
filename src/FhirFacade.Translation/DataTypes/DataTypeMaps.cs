using System.Collections.Frozen;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>The data type maps by the names that the type column of the segment maps uses.</summary>
internal static class DataTypeMaps
{
    public static FrozenDictionary<string, DataTypeMap> All { get; } = new Dictionary<string, DataTypeMap>
    {
        ["CqToQuantity"] = new(CqToQuantity.Map),
        ["CweToCode"] = new(CweToCode.Map),
        ["CweToCodeableConcept"] = new(CweToCodeableConcept.Map),
        ["CweToCoding"] = new(CweToCoding.Map),
        ["CweToIdentifier"] = new(CweToIdentifier.Map),
        ["CweToString"] = new(CweToString.Map),
        ["CweToUsCoreEthnicity"] = new(null, CweToUsCoreRace.MapEthnicity, WholeField: true),
        ["CweToUsCoreRace"] = new(null, CweToUsCoreRace.MapRace, WholeField: true),
        ["CweToOrganization"] = new(CweToOrganization.Map),
        ["CxToIdentifier"] = new(CxToIdentifier.Map),
        ["CxToMother"] = new(null, CxToMother.Map, WholeField: true),
        ["DldToLocation"] = new(DldToLocation.Map),
        ["DlnToIdentifier"] = new(DlnToIdentifier.Map),
        ["DrToPeriod"] = new(PeriodOf.Range),
        ["DtmToDate"] = new(DtmToDateTime.Date),
        ["DtmToDateTime"] = new(DtmToDateTime.DateTime),
        ["DtmToInstant"] = new(DtmToDateTime.Instant),
        ["EiToIdentifier"] = new(EiToIdentifier.Map),
        ["EipToIdentifier"] = new(EipToIdentifier.Either),
        ["EipToFillerIdentifier"] = new(EipToIdentifier.Filler),
        ["EipToPlacerIdentifier"] = new(EipToIdentifier.Placer),
        ["FtToText"] = new(Primitives.Text),
        ["FtToLines"] = new(Primitives.Lines, WholeField: true),
        ["GroupToFillerIdentifier"] = new(EipToIdentifier.GroupFiller),
        ["GroupToPlacerIdentifier"] = new(EipToIdentifier.GroupPlacer),
        ["HdToLocation"] = new(HdToLocation.Map),
        ["HdToOrganization"] = new(HdToOrganization.Map),
        ["HdToUri"] = new(HdToUri.Map),
        ["IdToBoolean"] = new(Primitives.Boolean),
        ["NdlToPractitionerRole"] = new(NdlToPractitionerRole.Map),
        ["NmToDays"] = new(Primitives.Days),
        ["NmToDecimal"] = new(Primitives.Decimal),
        ["NmToInteger"] = new(Primitives.Integer),
        ["NmToPositiveInt"] = new(Primitives.PositiveInteger),
        ["OgToSubId"] = new(null, OgToSubId.Map),
        ["PlToLocation"] = new(PlToLocation.Map),
        ["SpsToSpecimen"] = new(null, SpsToSpecimen.Map),
        ["SsnToIdentifier"] = new(SsnToIdentifier.Map),
        ["StToCode"] = new(Primitives.Code),
        ["StToId"] = new(Primitives.Id),
        ["StToManifestation"] = new(null, StToManifestation.Map, WholeField: true),
        ["StToNarrative"] = new(StToNarrative.Map),
        ["StToString"] = new(Primitives.String),
        ["VariesToValue"] = new(null, VariesToValue.Map, WholeField: true),
        ["XadToAddress"] = new(XadToAddress.Map),
        ["XcnToPractitioner"] = new(XcnToPractitioner.Map),
        ["XcnToPractitionerRole"] = new(XcnToPractitionerRole.Map),
        ["XonToOrganization"] = new(XonToOrganization.Map),
        ["XonToString"] = new(XonToOrganization.Text),
        ["XpnToHumanName"] = new(XpnToHumanName.Map),
        ["XpnToString"] = new(XpnToHumanName.Text),
        ["XtnToContactPoint"] = new(XtnToContactPoint.Map),
    }.ToFrozenDictionary();
}
