using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Journal;

/// <summary>Whose slots a segment of a journal holds.</summary>
/// <param name="StreamId">The stream, for as long as its directory lives.</param>
/// <param name="Plan">Stands for the plan of the processor that wrote them.</param>
/// <param name="FurtherWords">The words of 8 bytes beside each slot.</param>
internal readonly record struct JournalIdentity(UInt128 StreamId, Fingerprint Plan, int FurtherWords);
