using DisruptorStream.Saving;

namespace DisruptorStream.State.Accumulators;

/// <summary>Where a record says that user code failed on it: 0 = no, else the index in the log plus one.</summary>
/// <remarks>
/// Two marks: one for what happened while folding, which stays and is merged, and one for the last read, so that
/// reading a record (a result that throws, a sum that does not fit) never changes what later merges make of it.
/// </remarks>
internal sealed unsafe class FailureMarks
{
    public const int SizeBytes = 2 * sizeof(int);

    public FailureMarks(FailureLog log) => Log = log;

    public FailureLog Log { get; }

    /// <summary>Where the marks lie in the record; set once, by the plan.</summary>
    public int Offset { get; set; }

    public bool HasFailed(byte* record) => *Folded(record) != 0;

    /// <summary>Marks the record for good; the first failure wins.</summary>
    public void FailFold(byte* record, Exception exception)
    {
        var index = Log.Add(exception);
        if (*Folded(record) == 0)
            *Folded(record) = index + 1;
    }

    /// <summary>Marks the record until it is read again.</summary>
    public void FailRead(byte* record, Exception exception) => *Reading(record) = Log.Add(exception) + 1;

    public void ClearRead(byte* record) => *Reading(record) = 0;

    /// <summary>
    /// Hands a mark on. Returns false when the merged record has failed, so that its states mean nothing.
    /// </summary>
    public bool Merge(byte* into, byte* later)
    {
        if (*Folded(into) == 0)
            *Folded(into) = *Folded(later);
        return *Folded(into) == 0;
    }

    /// <summary>The index of the record's failure in the log, or -1.</summary>
    public int IndexOf(byte* record) => (*Folded(record) != 0 ? *Folded(record) : *Reading(record)) - 1;

    /// <summary>Writes the failure that stays; that of the last read means nothing by now.</summary>
    public void Save(StateWriter writer, byte* record) => Log.Save(writer, *Folded(record) - 1);

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, byte* record)
    {
        *Folded(record) = Log.Load(reader) + 1;
        *Reading(record) = 0;
    }

    private int* Folded(byte* record) => (int*)(record + Offset);

    private int* Reading(byte* record) => (int*)(record + Offset) + 1;
}
