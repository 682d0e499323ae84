namespace FhirFacade.Translation.Messages;

/// <summary>
/// Messages that tell nothing new: acknowledgements, queries, and answers, which repeat what their sender has told, or would tell, in messages
/// of its own. They become a MessageHeader; their other fields are reported.
/// </summary>
internal static class HeaderOnly
{
    public static bool Is(string messageCode) => messageCode switch
    {
        "ACK" or "MCF" or "NMD" or "NMQ" or "NMR" => true,
        "QBP" or "QRY" or "QSB" or "QVR" or "QCN" or "QSX" or "QRF" or "OSQ" or "SQM" or "SQR" or "SPQ" or "VQQ" or "VXQ" or "EQQ" or "RQQ" or "RQI" or "RQP" or "RQC" or "RQA" => true,
        "RSP" or "QCK" or "RTB" or "RDY" or "TBR" or "EDR" or "ERP" or "DSR" or "DOC" or "MFK" or "MFR" or "ADR" or "RPI" or "RPL" or "RCI" or "RCL" or "RPA" => true,
        _ => false,
    };

    public static void Run(MessageWalk walk, ResourceDraft header)
    {
        foreach (var segment in walk.Scope.Message.Segments)
        {
            if (segment.Is("SFT") || segment.Is("MSA"))
            {
                walk.Scope.Maps[$"{segment.Name}-MessageHeader"].Run(segment, header, walk.Scope);
            }
        }

        HeaderAssembly.Finish(walk, header);
    }
}
