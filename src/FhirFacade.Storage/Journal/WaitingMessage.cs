namespace FhirFacade.Storage.Journal;

/// <summary>What is to be known of a message before it is taken in hand.</summary>
/// <param name="Id">Its journal row.</param>
/// <param name="Lanes">In which it queues.</param>
/// <param name="Length">Of the message in bytes.</param>
internal readonly record struct WaitingMessage(long Id, short[] Lanes, int Length);
