namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Small messages to send. All persons are invented.</summary>
internal static class Messages
{
    /// <summary>An admission. <paramref name="acceptAck"/> and <paramref name="applicationAck"/> are MSH-15 and MSH-16.</summary>
    public static string Admission(string controlId, string patient = "T1", string acceptAck = "", string applicationAck = "", string lineEnd = "\r", string name = "Quill^Edda", string? visit = null) =>
        string.Join(lineEnd,
            $"MSH|^~\\&|TESTADT|TESTHOSPITAL|FHIRFACADE|TESTHOSPITAL|20260309080000+0000||ADT^A01^ADT_A01|{controlId}|P|2.5.1|||{acceptAck}|{applicationAck}||UNICODE UTF-8",
            "EVN|A01|20260309080000+0000",
            $"PID|1||{patient}^^^TESTHOSPITAL^MR||{name}||19800101|F",
            $"PV1|1|I|W^1^1||||||||||||||||{visit ?? patient + "-V"}^^^TESTHOSPITAL^VN|||||||||||||||||||||||||20260309080000+0000",
            "");
}
