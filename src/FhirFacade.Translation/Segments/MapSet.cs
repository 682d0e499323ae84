using System.Collections.Frozen;
using FhirFacade.Translation.Codes;

namespace FhirFacade.Translation.Segments;

/// <summary>All segment maps, compiled, and the code tables that data types use on their own account.</summary>
internal sealed class MapSet
{
    private static readonly Lazy<MapSet> Loaded = new(static () => Load());
    private readonly FrozenDictionary<string, SegmentMap> _maps;
    private readonly CodeTables _tables;

    private MapSet(FrozenDictionary<string, SegmentMap> maps, CodeTables tables, SystemUris systems, CodeTranslations? translations)
    {
        _maps = maps;
        _tables = tables;
        Systems = systems;
        Translations = translations;
        NameType = tables["NameType"];
        AddressUse = tables["AddressType-Use"];
        AddressKind = tables["AddressType-Type"];
        EquipmentType = tables["TelecommunicationEquipmentType"];
        TelecommunicationUse = tables["TelecommunicationUseCode"];
        Degree = tables["DegreeLicenseCertificate"];
        SpecimenType = tables["SpecimenType"];
        SpecimenCondition = tables["SpecimenCondition"];
        BodySite = tables["BodySite"];
        Additive = tables["AdditivePreservative"];
        AdministrativeSex = tables["AdministrativeSex"];
        Relationship = tables["Relationship"];
        EncounterStatusByEvent = tables["Event-EncounterStatus"];
        EncounterStatusPresumed = tables["Event-EncounterStatus-presumed"];
        ObservationStatus = tables["ObservationStatus"];
        ObservationCategory = tables["DiagnosticServiceSectionID-ObservationCategory"];
        RequestStatusByResult = tables["ResultStatus-RequestStatus"];
        RepeatPattern = tables["RepeatPattern"];
        LoincCategory = tables["LOINC-ObservationCategory"];
        BirthSex = tables["BirthSex"];
        LoincImmunization = tables["LOINC-Immunization"];
    }

    /// <summary>URIs of code systems and authorities.</summary>
    public SystemUris Systems { get; }

    /// <summary>Codes of one system as those of another; null if there are none.</summary>
    public CodeTranslations? Translations { get; }

    /// <summary>Table 0200 -> name-use.</summary>
    public CodeTable NameType { get; }

    /// <summary>Table 0190 -> address-use.</summary>
    public CodeTable AddressUse { get; }

    /// <summary>Table 0190 -> address-type.</summary>
    public CodeTable AddressKind { get; }

    /// <summary>Table 0202 -> contact-point-system.</summary>
    public CodeTable EquipmentType { get; }

    /// <summary>Table 0201 -> contact-point-use.</summary>
    public CodeTable TelecommunicationUse { get; }

    public CodeTable Degree { get; }

    public CodeTable SpecimenType { get; }

    public CodeTable SpecimenCondition { get; }

    public CodeTable BodySite { get; }

    public CodeTable Additive { get; }

    /// <summary>Table 0001 -> administrative-gender.</summary>
    public CodeTable AdministrativeSex { get; }

    /// <summary>Table 0063.</summary>
    public CodeTable Relationship { get; }

    /// <summary>Trigger events that decide Encounter.status, whatever PV1 says.</summary>
    public CodeTable EncounterStatusByEvent { get; }

    /// <summary>Trigger events that tell Encounter.status if PV1 does not.</summary>
    public CodeTable EncounterStatusPresumed { get; }

    /// <summary>Table 0085.</summary>
    public CodeTable ObservationStatus { get; }

    /// <summary>Table 0074 -> observation-category.</summary>
    public CodeTable ObservationCategory { get; }

    /// <summary>Table 0123 -> request-status.</summary>
    public CodeTable RequestStatusByResult { get; }

    /// <summary>LOINC codes whose category is known -> observation-category.</summary>
    public CodeTable LoincCategory { get; }

    /// <summary>Codes of LOINC 76689-9 -> birthsex of US Core.</summary>
    public CodeTable BirthSex { get; }

    /// <summary>LOINC codes of OBX below RXA -> what they say about the vaccination.</summary>
    public CodeTable LoincImmunization { get; }

    /// <summary>Table 0335.</summary>
    public CodeTable RepeatPattern { get; }

    /// <summary>A code table by name, for an assembly that decides by it.</summary>
    /// <exception cref="InvalidMapException">There is no such table.</exception>
    public CodeTable Table(string name) => _tables[name];

    /// <summary>A map by name, such as <c>PID-Patient</c>.</summary>
    public SegmentMap this[string name] => _maps[name];

    /// <summary>What is embedded, compiled when first asked for.</summary>
    public static MapSet BuiltIn => Loaded.Value;

    /// <summary>Reads and compiles everything that is embedded.</summary>
    /// <exception cref="InvalidMapException">A table is wrong.</exception>
    public static MapSet Load() => Load(MapTables.Embedded, null);

    /// <summary>Compiles the tables of a feed.</summary>
    /// <exception cref="InvalidMapException">A table is wrong.</exception>
    public static MapSet Load(MapTables source, CodeTranslations? translations)
    {
        if (!source.ChangesRows && source != MapTables.Embedded)
        {
            return new MapSet(BuiltIn._maps, BuiltIn._tables, new SystemUris(source), translations);
        }

        var tables = new CodeTables(source);
        return new MapSet(
            MapFiles.Names("segments").ToFrozenDictionary(static n => n, n => SegmentMapCompiler.Compile(n, source, tables)), tables, new SystemUris(source), translations);
    }
}
