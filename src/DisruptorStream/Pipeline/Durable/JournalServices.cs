using DisruptorStream.Codecs.Hashing;
using DisruptorStream.Durability.Journal.Writing;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>What a processor that keeps a journal gets beside its plan.</summary>
internal sealed record JournalServices
{
    /// <summary>Writes the files.</summary>
    public required JournalWriter Writer { get; init; }

    /// <summary>How far it has come.</summary>
    public required DurableProgress Progress { get; init; }

    /// <summary>Gives up files that are not needed.</summary>
    public required JournalRoom Room { get; init; }

    /// <summary>Whether each write is made durable at once.</summary>
    public required bool Syncs { get; init; }

    /// <summary>Whether snapshots are copies of its own state, taken while it goes on.</summary>
    public required bool CopiesState { get; init; }

    /// <summary>Whether it goes on in a new file where the disk fails to sync.</summary>
    public required bool Reseats { get; init; }

    /// <summary>
    /// The first slot, where the journal knows all keys and sources that there are; -1 where it knows nothing yet.
    /// </summary>
    public required long GoesOnFrom { get; init; }

    /// <summary>
    /// Called at the end, when nobody publishes, handles or delivers any more: whether all was handled and delivered.
    /// </summary>
    public required Func<bool, Task> OnEnd { get; init; }

    /// <summary>Makes the hashes that are written in place of the texts of symbols; null for the texts.</summary>
    public KeyHash? SymbolHash { get; init; }

    /// <summary>What differs where the files are a flight recording; null where they are to be relied on.</summary>
    public RecordingServices? Recording { get; init; }
}
