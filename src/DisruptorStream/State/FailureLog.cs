using System.Diagnostics;
using DisruptorStream.Saving;

namespace DisruptorStream.State;

/// <summary>The exceptions that user code threw, kept by index, so that records and results carry an int.</summary>
/// <remarks>
/// One thread adds; any thread that was given an index may read it. Bounded: a stream of failures costs no memory.
/// </remarks>
internal sealed class FailureLog
{
    /// <summary>How many exceptions are kept; the ones after share one entry.</summary>
    public const int Capacity = 1024;

    private const byte None = 0;
    private const byte Further = 1;
    private const byte Kept = 2;

    private readonly Exception?[] _kept = new Exception?[Capacity];
    private readonly InvalidOperationException _further = new(
        $"User code has failed more than {Capacity} times; only the first {Capacity} exceptions were kept, so see "
        + "those.");

    private readonly Dictionary<(string Type, string Text), int> _loaded = [];
    private long _count;
    private long _derivedCount;
    private int _keptCount;

    /// <summary>All failures so far, kept or not.</summary>
    public long Count => Volatile.Read(ref _count); // Pairs with the write in Add.

    /// <summary>
    /// Those in records that are kept, which are as many whatever was made of the records in between.
    /// </summary>
    public long StateCount => _count - _derivedCount;

    /// <summary>Whether what fails now is in records that are made of others. The writer's thread alone.</summary>
    public bool IsDerived { get; set; }

    /// <summary>Whether no record has failed so far. The writer's thread alone.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The exception of an index that <see cref="Add"/> returned.</summary>
    public Exception this[int index] => index == Capacity
        ? _further
        : Volatile.Read(ref _kept[index]) // Pairs with the write in Add.
            ?? throw new ArgumentOutOfRangeException(nameof(index), index, "No failure was logged under this index.");

    /// <summary>Keeps an exception and returns its index, or the shared one when the log is full.</summary>
    public int Add(Exception exception)
    {
        IsEmpty = false;
        _derivedCount += IsDerived ? 1 : 0;
        var index = Keep(exception, (int)Math.Min(Math.Max(_count, _keptCount), Capacity));
        Volatile.Write(ref _count, _count + 1); // Pairs with the read in Count.
        return index;
    }

    /// <summary>Writes an exception by its type and text.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="index">Its index; -1 for none.</param>
    public void Save(StateWriter writer, int index)
    {
        if (index is < 0 or Capacity)
        {
            writer.WriteByte(index < 0 ? None : Further);
            return;
        }

        var exception = this[index];
        var type = exception is SavedFailureException saved ? saved.OriginalType : exception.GetType().FullName ?? "";
        writer.WriteByte(Kept);
        writer.WriteText(type);
        writer.WriteText(exception.Message);
    }

    /// <summary>Keeps an exception that was saved; returns its index, or -1 for none. Counts nothing.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public int Load(StateReader reader)
    {
        var kind = reader.ReadByte();
        if (kind != Kept)
        {
            IsEmpty &= kind == None;
            return kind switch
            {
                None => -1,
                Further => Capacity,
                _ => throw reader.Invalid($"there is no failure of kind {kind}"),
            };
        }

        IsEmpty = false;
        var key = (reader.ReadText(), reader.ReadText());
        if (!_loaded.TryGetValue(key, out var index))
        {
            index = Keep(new SavedFailureException(key.Item1, key.Item2), _keptCount);
            _loaded.Add(key, index);
        }

        return index;
    }

    /// <summary>Takes over how many failures there were: as many places are taken.</summary>
    public void SetCount(long count) => Volatile.Write(ref _count, count); // Pairs with the read in Count.

    /// <summary>That what is kept has been counted, except in a shard that was loaded.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent() =>
        Invariant.Require(
            _keptCount <= Capacity && (_loaded.Count > 0 || _keptCount <= _count), "What is kept was counted.");

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private int Keep(Exception exception, int index)
    {
        if (index == Capacity)
            return Capacity;
        Volatile.Write(ref _kept[index], exception); // Pairs with the read in the indexer.
        _keptCount = index + 1;
        return index;
    }
}
