using DisruptorStream.Pipeline.Durable;

namespace DisruptorStream.Topology.Durable;

/// <summary>Takes the snapshots of a durable processor.</summary>
/// <remarks>One caller at a time, but where it says otherwise.</remarks>
internal interface ISnapshotTaker : IDisposable
{
    /// <summary>What it is, as the beginning of a sentence.</summary>
    string Name { get; }

    /// <summary>Whether a snapshot is under way that goes on as soon as it is tried again.</summary>
    bool IsUnderWay { get; }

    /// <summary>How many results of each query had arrived, as far as the journal says.</summary>
    IReadOnlyList<long> Positions { get; }

    /// <summary>The last slot of the journal that it has handled; -1 where it handles none. Any thread.</summary>
    long Sequence { get; }

    /// <summary>The last slot that is in a snapshot. Any thread.</summary>
    long SavedThrough { get; }

    /// <summary>Whether the input has ended: nothing may follow.</summary>
    bool HasEnded { get; }

    /// <summary>Whether a snapshot would have something new.</summary>
    bool HasNews { get; }

    /// <summary>The processor is there. Before all else.</summary>
    /// <param name="parts">The processor.</param>
    /// <param name="progress">How far its journal has come.</param>
    /// <param name="room">The limit of the journal.</param>
    /// <param name="askForSync">Has the journal synced soon.</param>
    void Start(ProcessorParts parts, DurableProgress progress, JournalRoom room, Action askForSync);

    /// <summary>Handles some frames of the journal. Returns whether there may be more.</summary>
    bool Step(int frames);

    /// <summary>
    /// Goes on with a snapshot. False where it is not there yet: it is to be tried again after the next step.
    /// </summary>
    /// <exception cref="IOException">The disk says no.</exception>
    bool TrySave();

    /// <summary>Nothing more comes: handles all that there is, and what was not told never happened.</summary>
    void Finish();
}
