using System.Runtime.ExceptionServices;

namespace DisruptorStream.Ingest.Streams;

/// <summary>
/// What was read of some events before they are claimed, and the ids that are found inside the claim.
/// </summary>
/// <remarks>One caller at a time. It is kept for the next call, so that publishing allocates nothing.</remarks>
internal sealed class StreamBlock<TEvent>
{
    /// <summary>The most events of a block: what is read of them stays in the nearest cache.</summary>
    public const int Capacity = 256;

    private readonly StreamProjection<TEvent> _projection;
    private readonly KeyReader<TEvent>[] _readers;
    private readonly CompositeColumn[] _composites;
    private readonly long[] _ticks = new long[Capacity];
    private readonly long[] _measures;
    private readonly ulong[] _filters = new ulong[Capacity];
    private readonly int[][] _ids;

    /// <param name="projection">Reads all but the keys.</param>
    /// <param name="readers">Read the keys, in the order of their columns.</param>
    /// <param name="composites">The columns of keys that are made of others, behind those.</param>
    public StreamBlock(
        StreamProjection<TEvent> projection, KeyReader<TEvent>[] readers, CompositeColumn[] composites)
    {
        _projection = projection;
        _readers = readers;
        _composites = composites;
        _measures = new long[Capacity * projection.Measures.Length];
        _ids = new int[readers.Length + composites.Length][];
        for (var column = 0; column < _ids.Length; column++)
            _ids[column] = new int[Capacity];
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

    /// <summary>Forgets what was read, so that it can be collected.</summary>
    public void Clear()
    {
        foreach (var reader in _readers)
            reader.Clear();
    }

    private void Combine(CompositeColumn column, Span<int> ids)
    {
        Span<int> parts = stackalloc int[CompositeKeys.MostParts];
        parts = parts[..column.Parts.Count];
        for (var index = 0; index < ids.Length; index++)
        {
            var lowest = 0;
            for (var part = 0; part < parts.Length; part++)
            {
                parts[part] = _ids[column.Parts[part]][index];
                lowest = Math.Min(lowest, parts[part]);
            }

            ids[index] = lowest < 0 ? lowest : column.Keys.Intern(CompositeKeys.Combine(parts));
        }
    }
}
