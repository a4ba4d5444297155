using System.Runtime.ExceptionServices;
using DisruptorStream.Ingest.Projections;

namespace DisruptorStream.Ingest.Streams;

/// <summary>
/// What was read of some events before they are claimed, and the ids that are found inside the claim.
/// </summary>
/// <remarks>One caller at a time. It is kept for the next call, so that publishing allocates nothing.</remarks>
internal sealed class StreamBlock<TEvent>
{
    /// <summary>How many events a block is for: what is read of them stays in the nearest cache.</summary>
    public const int MostEvents = 256;

    private readonly StreamProjection<TEvent> _projection;
    private readonly KeyReader<TEvent>[] _readers;
    private readonly CompositeColumn[] _composites;
    private readonly long[] _ticks;
    private readonly long[] _measures;
    private readonly ulong[] _filters;
    private readonly int[][] _ids;

    /// <param name="projection">Reads all but the keys.</param>
    /// <param name="readers">Read the keys, in the order of their columns.</param>
    /// <param name="composites">The columns of keys that are made of others, behind those.</param>
    /// <param name="capacity">The most events that are read at a time.</param>
    public StreamBlock(
        StreamProjection<TEvent> projection, KeyReader<TEvent>[] readers, CompositeColumn[] composites, int capacity)
    {
        _ticks = new long[capacity];
        _filters = new ulong[capacity];
        _projection = projection;
        _readers = readers;
        _composites = composites;
        _measures = new long[capacity * projection.MeasureCount];
        _ids = new int[readers.Length + composites.Length][];
        for (var column = 0; column < _ids.Length; column++)
            _ids[column] = new int[capacity];
    }

    /// <summary>How many events have been read.</summary>
    public int Count { get; private set; }

    /// <summary>The times of the events.</summary>
    public ReadOnlySpan<long> Ticks => _ticks;

    /// <summary>The bits of the measures, all of one event in a row.</summary>
    public Span<long> Measures => _measures;

    /// <summary>The bits of the filters.</summary>
    public ReadOnlySpan<ulong> Filters => _filters;

    /// <summary>The ids of a column, from the first event that was resolved on.</summary>
    public ReadOnlySpan<int> IdsOf(int column) => _ids[column];

    /// <summary>
    /// Runs all selectors, outside of any claim. Where one throws, the events before that one are read.
    /// </summary>
    /// <returns>What was thrown; null for nothing.</returns>
    public ExceptionDispatchInfo? Read(ReadOnlySpan<TEvent> published)
    {
        Count = 0;
        var least = 0;
        var failure = default(ExceptionDispatchInfo);
        try
        {
            _projection.ProjectAll(published, _ticks, _measures, _filters, ref least);
        }
        catch (Exception thrown)
        {
            failure = ExceptionDispatchInfo.Capture(thrown);
        }

        // What the events before are published with must be read of each of them: one that throws ends no other.
        foreach (var reader in _readers)
        {
            var read = 0;
            try
            {
                reader.Read(published[..least], ref read);
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
                least = read;
            }
        }

        Count = least;
        return failure;
    }

    /// <summary>
    /// Finds the ids of all keys, inside a claim. Where a user's hash code throws, those of the events before are
    /// found.
    /// </summary>
    /// <param name="first">The first event.</param>
    /// <param name="count">How many.</param>
    /// <param name="resolved">Of how many events all ids are found.</param>
    public void Resolve(int first, int count, out int resolved)
    {
        resolved = count;
        var failure = default(ExceptionDispatchInfo);
        for (var column = 0; column < _readers.Length; column++)
        {
            var found = 0;
            try
            {
                _readers[column].Resolve(first, _ids[column].AsSpan(0, resolved), out found);
            }
            catch (Exception thrown)
            {
                // As above: the keys of the others are needed all the same.
                failure = ExceptionDispatchInfo.Capture(thrown);
                resolved = found;
            }
        }

        for (var index = 0; index < _composites.Length; index++)
            Combine(_composites[index], _ids[_readers.Length + index].AsSpan(0, resolved));
        failure?.Throw();
    }

    /// <summary>
    /// Runs all selectors for one event, the only one, and looks for its keys, outside of any claim. What a selector or
    /// a user's hash code throws, the caller gets.
    /// </summary>
    public void ReadOne(in TEvent published)
    {
        _ticks[0] = _projection.Project(
            in published, _measures.AsSpan(0, _projection.MeasureCount), out _filters[0]);
        foreach (var reader in _readers)
            reader.ReadOne(in published);
        Count = 1;
    }

    /// <summary>Takes what was read of one event, the only one, of a stream with one key.</summary>
    public void Take<TKey>(long ticks, ReadOnlySpan<long> measures, ulong filters, TKey? key)
        where TKey : notnull
    {
        _ticks[0] = ticks;
        _filters[0] = filters;
        measures.CopyTo(_measures);
        ((KeyReader<TEvent, TKey>)_readers[0]).Take(key);
        Count = 1;
    }

    /// <summary>Takes what was read of events of a stream with one key and no filters.</summary>
    public void Take<TKey>(ReadOnlySpan<TKey?> keys, ReadOnlySpan<long> times, ReadOnlySpan<long> measures)
        where TKey : notnull
    {
        times[..keys.Length].CopyTo(_ticks);
        measures[..(keys.Length * _projection.MeasureCount)].CopyTo(_measures);
        ((KeyReader<TEvent, TKey>)_readers[0]).Take(keys);
        Count = keys.Length;
    }

    /// <summary>
    /// Finds the ids of the one event's keys inside a claim, where that is sure without a search. Never throws.
    /// </summary>
    /// <returns>False where <see cref="Resolve"/> has to find them.</returns>
    public bool TryKeepOne()
    {
        for (var column = 0; column < _readers.Length; column++)
        {
            if ((_ids[column][0] = _readers[column].KeepOne()) < 0)
                return false;
        }

        return _composites.Length == 0 || TryKeepComposites();
    }

    /// <summary>Forgets what was read, so that it can be collected.</summary>
    public void Clear()
    {
        foreach (var reader in _readers)
            reader.Clear();
    }

    private bool TryKeepComposites()
    {
        for (var index = 0; index < _composites.Length; index++)
        {
            var column = _composites[index];
            if ((_ids[_readers.Length + index][0] = column.Keys.Find(CombinationAt(column, 0, out _))) < 0)
                return false;
        }

        return true;
    }

    private void Combine(CompositeColumn column, Span<int> ids)
    {
        for (var index = 0; index < ids.Length; index++)
        {
            var combination = CombinationAt(column, index, out var lowest);
            ids[index] = lowest < 0 ? lowest : column.Keys.Intern(combination);
        }
    }

    /// <summary>The combination of an event, and the lowest id of its parts: below 0 where one is missing.</summary>
    private UInt128 CombinationAt(CompositeColumn column, int index, out int lowest)
    {
        Span<int> parts = stackalloc int[CompositeKeys.MostParts];
        parts = parts[..column.Parts.Count];
        lowest = 0;
        for (var part = 0; part < parts.Length; part++)
        {
            parts[part] = _ids[column.Parts[part]][index];
            lowest = Math.Min(lowest, parts[part]);
        }

        return CompositeKeys.Combine(parts);
    }
}
