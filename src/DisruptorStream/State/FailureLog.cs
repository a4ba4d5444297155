namespace DisruptorStream.State;

/// <summary>The exceptions that user code threw, kept by index, so that records and results carry an int.</summary>
/// <remarks>
/// One thread adds; any thread that was given an index may read it. Bounded: a stream of failures costs no memory.
/// </remarks>
internal sealed class FailureLog
{
    /// <summary>How many exceptions are kept; the ones after share one entry.</summary>
    public const int Capacity = 1024;

    private readonly Exception?[] _kept = new Exception?[Capacity];
    private readonly InvalidOperationException _further = new(
        $"User code has failed more than {Capacity} times; only the first {Capacity} exceptions were kept, so see "
        + "those.");

    private long _count;

    /// <summary>All failures so far, kept or not.</summary>
    public long Count => Volatile.Read(ref _count); // Pairs with the write in Add.

    /// <summary>The exception of an index that <see cref="Add"/> returned.</summary>
    public Exception this[int index] => index == Capacity
        ? _further
        : Volatile.Read(ref _kept[index]) // Pairs with the write in Add.
            ?? throw new ArgumentOutOfRangeException(nameof(index), index, "No failure was logged under this index.");

    /// <summary>Keeps an exception and returns its index, or the shared one when the log is full.</summary>
    public int Add(Exception exception)
    {
        var index = (int)Math.Min(_count, Capacity);
        if (index < Capacity)
            Volatile.Write(ref _kept[index], exception); // Pairs with the read in the indexer.
        Volatile.Write(ref _count, _count + 1); // Pairs with the read in Count.
        return index;
    }
}
