using FhirFacade.Translation;
using static FhirFacade.Server.Tests.Ingest.EventMessages;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Lives of patients, visits, results and documents as they happened, in the order in which they happened.</summary>
internal static class EventSequences
{
    public static readonly string[] Visit =
    [
        Adt("A05", 1, Pid("4711"), Pv1("P")),
        Adt("A01", 2, Pid("4711", religion: "CAT"), Pv1("I"), "AL1|1|DA|PEN^Penicillin"),
        Adt("A02", 3, Pid("4711"), Pv1("I", "WARD2^201^B")),
        Adt("A12", 4, Pid("4711"), Pv1("I")),
        Adt("A08", 5, Pid("4711", religion: "\"\"", name: "Berg^Ann"), Pv1("I"), "AL1|1|DA|LAT^Latex"),
        Adt("A03", 6, Pid("4711", name: "Berg^Ann"), Pv1("I", discharged: "20240501060000")),
        Adt("A13", 7, Pid("4711", name: "Berg^Ann"), Pv1("I")),
        Adt("A21", 8, Pid("4711", name: "Berg^Ann"), Pv1("I")),
        Adt("A22", 9, Pid("4711", name: "Berg^Ann"), Pv1("I")),
    ];

    public static readonly string[] Results =
    [
        Adt("A01", 1, Pid("4711"), Pv1("I")),
        Oru(2, "P", "5.1"),
        Oru(3, "F", "5.2"),
        Oru(4, "C", "5.3"),
        Oru(5, "W", "5.3"),
    ];

    public static readonly string[] Called =
    [
        Adt("A05", 1, Pid("4711"), Pv1("P")),
        Adt("A01", 2, Pid("4711"), Pv1("I")),
        Adt("A11", 3, Pid("4711"), Pv1("I")),
        Adt("A04", 4, Pid("4711"), Pv1("O", "ER^1")),
        Adt("A06", 5, Pid("4711"), Pv1("I", "WARD3^1^A")),
        Adt("A02", 6, Pid("4711"), Pv1("I", "WARD2^201^B")),
        Adt("A03", 7, Pid("4711"), Pv1("I", "WARD2^201^B", discharged: "20240501070000")),
        Adt("A13", 8, Pid("4711"), Pv1("I", "WARD2^201^B")),
        Adt("A03", 9, Pid("4711"), Pv1("I", "WARD2^201^B", discharged: "20240501090000")),
        Adt("A08", 10, Pid("4711", name: "Berg^Ann"), Pv1("I", "WARD2^201^B", discharged: "20240501090000")),
    ];

    // A value that is corrected, a status without its value, a result that was wrong, and the order it all answers.
    public static readonly string[] Laboratory =
    [
        Order(1, "NW"),
        Oru(2, "P", "5.1"),
        Oru(3, "U", ""),
        Oru(4, "C", "5.4", second: "OBX|2|NM|NA^^L||140|mmol/L|||||F"),
        Oru(5, "F", "5.5", second: "OBX|2|NM|NA^^L||141|mmol/L|||||D"),
        Oru(6, "X", ""),
        Order(7, "SC"),
    ];

    public static readonly string[] Appointments =
    [
        Siu("S12", 1, "20240601090000", "Booked"),
        Siu("S14", 2, "20240601090000", "Booked", note: "Bring the letter"),
        Siu("S13", 3, "20240602100000", ""),
        Siu("S15", 4, "20240602100000", "Cancelled"),
        Siu("S13", 5, "20240603100000", "Booked"),
        Siu("S26", 6, "20240603100000", "Noshow"),
    ];

    public static readonly string[] Documents =
    [
        Mdm("T02", 1, "D1", "", "PA", "first words"),
        Mdm("T04", 2, "D1", "", "AU", "first words, signed"),
        Mdm("T06", 3, "D2", "D1", "AU", "an addendum"),
        Mdm("T10", 4, "D3", "D1", "AU", "the replacement"),
        Mdm("T08", 5, "D3", "", "LA", "the replacement, edited"),
        Mdm("T11", 6, "D2", "", "CA", ""),
    ];

    public static readonly string[] Merges =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Adt("A01", 2, Pid("2"), Pv1("I", visit: "V2")),
        Adt("A40", 3, Pid("1"), "MRG|2^^^GH^MR"),
        Adt("A08", 4, Pid("2", name: "Late^Ann"), Pv1("I", visit: "V2")),
        Adt("A40", 5, Pid("1"), "MRG|3^^^GH^MR"),
        Adt("A24", 6, Pid("1"), "PV1|1|N", Pid("7")),
        Adt("A37", 7, Pid("1"), "PV1|1|N", Pid("7")),
    ];

    // Two identifiers of one person, by several kinds of merge, with news for both before, between and after.
    public static readonly string[] OldMerges =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Adt("A01", 2, Pid("2", name: "Miler^Ann"), Pv1("I", visit: "V2")),
        Oru(3, "F", "5.1", patient: "2", visit: "V2"),
        Adt("A34", 4, Pid("1"), "MRG|2^^^GH^MR"),
        Adt("A08", 5, Pid("2", religion: "CAT"), Pv1("I", visit: "V2")),
        Adt("A18", 6, Pid("3"), "MRG|1^^^GH^MR", "PV1|1|N"),
        Oru(7, "C", "5.2", patient: "2", visit: "V2"),
        Adt("A08", 8, Pid("3", name: "Berg^Ann"), Pv1("I", visit: "V1")),
    ];

    public static readonly string[] InverseMerges =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Adt("A01", 2, Pid("2"), Pv1("I", visit: "V2")),
        Adt("A40", 3, Pid("1"), "MRG|2^^^GH^MR"),
        Oru(4, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A40", 5, Pid("2"), "MRG|1^^^GH^MR"),
        Oru(6, "C", "5.3", patient: "1", visit: "V1"),
    ];

    public static readonly string[] MovedAccounts =
    [
        Adt("A01", 1, Pid("1", account: "ACC1"), Pv1("I", visit: "V1")),
        Adt("A01", 2, Pid("1", account: "ACC2"), Pv1("I", visit: "V2")),
        Oru(3, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A44", 4, Pid("2", account: "ACC1"), "MRG|1^^^GH^MR||ACC1^^^GH"),
        Oru(5, "C", "5.2", patient: "1", visit: "V1"),
        Adt("A03", 6, Pid("2", account: "ACC1"), Pv1("I", visit: "V1", discharged: "20240501060000")),
        Adt("A49", 7, Pid("1", account: "ACC9"), "MRG|1^^^GH^MR||ACC2^^^GH"),
    ];

    public static readonly string[] MovedVisits =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Oru(2, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A45", 3, Pid("2"), "MRG|1^^^GH^MR||||V1^^^GH", Pv1("I", visit: "V1")),
        Oru(4, "C", "5.2", patient: "1", visit: "V1"),
        Adt("A50", 5, Pid("2"), "MRG|2^^^GH^MR||||V1^^^GH", Pv1("I", visit: "V7")),
        Adt("A03", 6, Pid("2"), Pv1("I", visit: "V7", discharged: "20240501060000")),
        Oru(7, "F", "5.5", patient: "2", visit: "V7"),
    ];

    public static readonly string[] Renumbered =
    [
        Adt("A01", 1, Pid("1", religion: "CAT"), Pv1("I", visit: "V1")),
        Oru(2, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A47", 3, Pid("5"), "MRG|1^^^GH^MR"),
        Adt("A08", 4, Pid("5", name: "Berg^Ann"), Pv1("I", visit: "V1")),
        Adt("A50", 5, Pid("5"), "MRG|5^^^GH^MR||||V1^^^GH", Pv1("I", visit: "V7")),
        Adt("A50", 6, Pid("5"), "MRG|5^^^GH^MR||||V7^^^GH", Pv1("I", visit: "V1")),
        Adt("A47", 7, Pid("1"), "MRG|5^^^GH^MR"),
    ];

    public static readonly string[] Filed =
    [
        Adt("A01", 1, Pid("1"), Pv1("I", visit: "V1")),
        Adt("A28", 2, Pid("2", name: "Other^Eve")),
        Oru(3, "F", "5.1", patient: "1", visit: "V1"),
        Adt("A43", 4, Pid("2", name: "Other^Eve"), "MRG|1^^^GH^MR"),
        Oru(5, "C", "5.2", patient: "1", visit: "V1"),
    ];

    public static readonly FeedProfile Snapshots = FeedProfile.Default with { SnapshotSegments = ["AL1", "DG1", "NK1", "IN1"] };

    public static readonly string[] Shown =
    [
        Adt("A01", 1, Pid("4711"), "NK1|1|Berg^Bo|BRO", Pv1("I"), "AL1|1|DA|PEN^Penicillin", "DG1|1||J18^Pneumonia^I10", "IN1|1|HMO|INS1|Insurer||||||||||||||||||||||||||||||||M1"),
        Adt("A08", 2, Pid("4711"), Pv1("I"), "AL1|1|DA|LAT^Latex", "DG1|1||I10^Hypertension^I10"),
        Adt("A08", 3, Pid("4711"), "NK1|1|Berg^Bo|BRO", Pv1("I"), "AL1|1|DA|PEN^Penicillin", "AL1|2|DA|NUT^Nuts"),
        Adt("A03", 4, Pid("4711"), Pv1("I"), "DG1|1||J18^Pneumonia^I10", "IN1|1|HMO|INS1|Insurer||||||||||||||||||||||||||||||||M1"),
        Adt("A08", 5, Pid("4711"), "NK1|1|Berg^Eva|SIS", Pv1("I"), "AL1|1|DA|LAT^Latex"),
    ];
}
