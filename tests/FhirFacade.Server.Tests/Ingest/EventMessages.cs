namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Small messages of one hospital; the hour of 1 May 2024 at which each happened tells them apart.</summary>
internal static class EventMessages
{
    public static string Adt(string trigger, int hour, params string[] segments) =>
        $"MSH|^~\\&|LAB|GH|FF|GH|20240502000000||ADT^{trigger}|{trigger}{hour}|P|2.5.1\rEVN|{trigger}|20240501{hour:00}0000\r{string.Join('\r', segments)}\r";

    public static string Oru(int hour, string status, string value, string patient = "4711", string visit = "V1", string second = "") =>
        $"MSH|^~\\&|LAB|GH|FF|GH|20240501{hour:00}0000||ORU^R01|R{hour}|P|2.5.1\r{Pid(patient)}\r{Pv1("I", visit: visit)}\rOBR|1|P1^GH|F1^GH|GLU^^L|||||||||||||||||||||{(status is "W" or "U" ? "C" : status)}\rOBX|1|NM|GLU^^L||{value}|mmol/L|||||{status}\r{(second.Length > 0 ? second + "\r" : "")}";

    public static string Order(int hour, string control) =>
        $"MSH|^~\\&|LAB|GH|FF|GH|20240501{hour:00}0000||ORM^O01|O{hour}|P|2.5.1\r{Pid("4711")}\r{Pv1("I")}\rORC|{control}|P1^GH|F1^GH||{(control == "NW" ? "" : "CM")}\rOBR|1|P1^GH|F1^GH|GLU^^L\r";

    public static string Siu(string trigger, int hour, string start, string status, string note = "") =>
        $"MSH|^~\\&|SCH|GH|FF|GH|20240501{hour:00}0000||SIU^{trigger}|S{hour}|P|2.5.1\rSCH|A1^GH|B1^GH|||||CHECK^Checkup||30|min|^^30^{start}||||||||||||||{status}\r{(note.Length > 0 ? $"NTE|1||{note}\r" : "")}{Pid("4711")}\rRGS|1|A\rAIP|1|A|7^Doe^J\r";

    public static string Mdm(string trigger, int hour, string number, string parent, string status, string text) =>
        $"MSH|^~\\&|DOC|GH|FF|GH|20240501{hour:00}0000||MDM^{trigger}|D{hour}|P|2.5.1\rEVN|{trigger}|20240501{hour:00}0000\r{Pid("4711")}\r{Pv1("I")}\rTXA|1|DS|TX|20240501{hour:00}0000||||||||{number}^GH|{(parent.Length > 0 ? parent + "^GH" : "")}||||{status}||AV\r{(text.Length > 0 ? $"OBX|1|TX|DS^Discharge summary^L||{text}||||||F\r" : "")}";

    public static string Pid(string number, string religion = "", string name = "Miller^Ann", string mother = "", string account = "") =>
        $"PID|1||{number}^^^GH^MR||{name}|{mother}|||||||||||{religion}{(account.Length > 0 ? $"|{account}^^^GH" : "")}";

    public static string Pv1(string patientClass, string bed = "WARD1^101^A", string visit = "V1", string discharged = "", string attending = "") =>
        $"PV1|1|{patientClass}|{bed}||||{attending}||||||||||||{visit}^^^GH|||||||||||||||||||||||||20240501010000|{discharged}";
}
