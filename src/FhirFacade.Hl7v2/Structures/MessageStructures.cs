using System.Collections.Frozen;

namespace FhirFacade.Hl7v2.Structures;

/// <summary>Which message structure an event has (HL7 table 0354, with what chapters 3, 4, 4A, 7, 9 and 10 say of older versions).</summary>
public static class MessageStructures
{
    private static readonly FrozenDictionary<string, string> ByEvent = Build();

    private static readonly FrozenDictionary<string, string> OnlyEvents = new Dictionary<string, string>
    {
        ["ORU"] = "R01",
        ["ORM"] = "O01",
        ["ORR"] = "O02",
        ["DFT"] = "P03",
        ["VXU"] = "V04",
    }.ToFrozenDictionary();

    /// <summary>The structure of a message code and a trigger event, such as <c>ADT_A01</c> for ADT and A08; null if not known.</summary>
    public static string? Find(string code, string triggerEvent) => ByEvent.GetValueOrDefault($"{code}^{triggerEvent}");

    /// <summary>The event of a message code that early versions used without naming one; empty if there is no such.</summary>
    public static string OnlyEvent(string code) => OnlyEvents.GetValueOrDefault(code, "");

    private static FrozenDictionary<string, string> Build()
    {
        (string Code, string Structure, string Events)[] rows =
        [
            ("ADT", "ADT_A01", "A01 A04 A08 A13"),
            ("ADT", "ADT_A02", "A02"),
            ("ADT", "ADT_A03", "A03"),
            ("ADT", "ADT_A05", "A05 A14 A28 A31"),
            ("ADT", "ADT_A06", "A06 A07"),
            ("ADT", "ADT_A09", "A09 A10 A11"),
            ("ADT", "ADT_A12", "A12"),
            ("ADT", "ADT_A15", "A15"),
            ("ADT", "ADT_A16", "A16"),
            ("ADT", "ADT_A17", "A17"),
            ("ADT", "ADT_A18", "A18"),
            ("ADT", "ADT_A20", "A20"),
            ("ADT", "ADT_A21", "A21 A22 A23 A25 A26 A27 A29 A32 A33"),
            ("ADT", "ADT_A24", "A24"),
            ("ADT", "ADT_A30", "A30 A34 A35 A36 A46 A47 A48 A49"),
            ("ADT", "ADT_A37", "A37"),
            ("ADT", "ADT_A38", "A38"),
            ("ADT", "ADT_A39", "A39 A40 A41 A42"),
            ("ADT", "ADT_A43", "A43"),
            ("ADT", "ADT_A44", "A44"),
            ("ADT", "ADT_A45", "A45"),
            ("ADT", "ADT_A50", "A50 A51"),
            ("ADT", "ADT_A52", "A52 A53"),
            ("ADT", "ADT_A54", "A54 A55"),
            ("ADT", "ADT_A60", "A60"),
            ("ADT", "ADT_A61", "A61 A62"),
            ("BAR", "BAR_P01", "P01"),
            ("BAR", "BAR_P02", "P02"),
            ("BAR", "BAR_P05", "P05"),
            ("BAR", "BAR_P06", "P06"),
            ("BAR", "BAR_P10", "P10"),
            ("BAR", "BAR_P12", "P12"),
            ("DFT", "DFT_P03", "P03"),
            ("DFT", "DFT_P11", "P11"),
            ("MDM", "MDM_T01", "T01 T03 T05 T07 T09 T11"),
            ("MDM", "MDM_T02", "T02 T04 T06 T08 T10"),
            ("MFN", "MFN_M01", "M01"),
            ("MFN", "MFN_M02", "M02"),
            ("MFN", "MFN_M04", "M04"),
            ("MFN", "MFN_M05", "M05"),
            ("MFN", "MFN_M06", "M06"),
            ("OMG", "OMG_O19", "O19"),
            ("OMI", "OMI_O23", "O23"),
            ("OML", "OML_O21", "O21"),
            ("OML", "OML_O33", "O33"),
            ("OML", "OML_O35", "O35"),
            ("OMP", "OMP_O09", "O09"),
            ("ORL", "ORL_O22", "O22"),
            ("ORM", "ORM_O01", "O01"),
            ("ORR", "ORR_O02", "O02"),
            ("ORU", "ORU_R01", "R01"),
            ("ORU", "ORU_R30", "R30 R31 R32"),
            ("OUL", "OUL_R21", "R21"),
            ("OUL", "OUL_R22", "R22"),
            ("OUL", "OUL_R23", "R23"),
            ("OUL", "OUL_R24", "R24"),
            ("PPR", "PPR_PC1", "PC1 PC2 PC3"),
            ("RAS", "RAS_O17", "O17"),
            ("RDE", "RDE_O11", "O11 O25"),
            ("RDE", "RDE_O01", "O01"),
            ("RDS", "RDS_O13", "O13"),
            ("RGV", "RGV_O15", "O15"),
            ("REF", "REF_I12", "I12 I13 I14 I15"),
            ("RSP", "RSP_K11", "K11"),
            ("RSP", "RSP_K21", "K22"),
            ("SIU", "SIU_S12", "S12 S13 S14 S15 S16 S17 S18 S19 S20 S21 S22 S23 S24 S26 S27"),
            ("SRM", "SRM_S01", "S01 S02 S03 S04 S05 S06 S07 S08 S09 S10 S11"),
            ("VXU", "VXU_V04", "V04"),
        ];
        var found = new Dictionary<string, string>();
        foreach (var (code, structure, events) in rows)
        {
            foreach (var trigger in events.Split(' '))
            {
                found.Add($"{code}^{trigger}", structure);
            }
        }

        return found.ToFrozenDictionary();
    }
}
