using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Emission;

/// <summary>A run of results in their order.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Pooled: it is valid during the sink's call and recycled after the last sink's. Reading it and looping over it with
/// <c>foreach</c> allocates nothing.
/// </remarks>
public sealed class ResultBatch<TKey> : IReadOnlyList<WindowResult<TKey>>
{
    // What rows have in common stands once: a row knows where.
    private readonly ResultHeader[] _headers;
    private readonly int[] _headerOf;
    private readonly int[] _failureIndexes;
    private readonly long[] _values;
    private readonly int _width;
    private readonly TKey[] _keys;

    // Failed windows are rare: the array appears with the first one.
    private Exception?[]? _failures;

    // Only where rows of several batches were put: all others count on from the first one.
    private long[]? _numbers;
    private long _firstNumber;
    private long _shutdownSequence = NoShutdown;
    private int _headerCount;

    /// <summary>The sequence of a shutdown that has not come.</summary>
    internal const long NoShutdown = long.MaxValue;

    internal ResultBatch(ResultSchema schema, int capacityRows, bool isOwned = false)
    {
        Schema = schema;
        _width = schema.Count;
        IsOwned = isOwned;
        _headers = new ResultHeader[capacityRows];
        _headerOf = new int[capacityRows];
        _failureIndexes = new int[capacityRows];
        _values = new long[capacityRows * schema.Count];
        _keys = new TKey[capacityRows];
    }

    /// <summary>One without results.</summary>
    internal static ResultBatch<TKey> Empty { get; } = new(new ResultSchema([], []), 0, isOwned: true);

    /// <summary>How many results there are.</summary>
    public int Count { get; private set; }

    /// <summary>The columns of the results.</summary>
    public ResultSchema Schema { get; }

    /// <summary>The sequence of the first result; -1 when there is none.</summary>
    public long FirstSequence => Count == 0 ? -1 : HeaderAt(0).Sequence;

    /// <summary>The sequence of the last result; -1 when there is none.</summary>
    public long LastSequence => Count == 0 ? -1 : HeaderAt(Count - 1).Sequence;

    /// <summary>
    /// The number of the first result among all of its query, which are numbered from 1 on; those after it have the
    /// next ones. 0 when there is none.
    /// </summary>
    /// <remarks>See <see cref="WindowResult{TKey}.Number"/>.</remarks>
    public long FirstNumber => Count == 0 ? 0 : NumberAt(0);

    private Exception?[] Failures => _failures ??= new Exception?[_keys.Length];

    internal int Capacity => _keys.Length;

    internal bool IsFull => Count == _keys.Length;

    internal int RetractionCount { get; private set; }

    /// <summary>
    /// Changes whenever the batch is recycled, which is how a view notices that it has outlived its batch.
    /// </summary>
    internal int Version { get; private set; }

    /// <summary>Owned batches are never recycled.</summary>
    internal bool IsOwned { get; }

    /// <summary>A result.</summary>
    /// <param name="index">Its place in the batch, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such result.</exception>
    public WindowResult<TKey> this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
                ThrowOutside(index);

            return new WindowResult<TKey>(this, index);
        }
    }

    /// <summary>Goes through the results without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<WindowResult<TKey>> IEnumerable<WindowResult<TKey>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(in ResultHeader header, TKey key, ReadOnlySpan<long> values, Exception? failure)
    {
        var row = Count;
        _headerOf[row] = _headerCount;
        _headers[_headerCount++] = header;
        _failureIndexes[row] = header.FailureIndex;
        _keys[row] = key;

        // Few values: a loop is done before a copy routine has begun.
        var place = ValuesOf(row);
        for (var column = 0; column < place.Length; column++)
            place[column] = values[column];
        if (failure is not null)
            Failures[row] = failure;

        if (header.Timing == PaneTiming.Retract)
            RetractionCount++;

        Count = row + 1;
    }

    /// <summary>Adds panes from the given one on, while there is room. Returns how many.</summary>
    internal int Add(PaneGroup panes, int from, IKeySource<TKey> keys, IFailureSource failures)
    {
        var first = Count;
        var count = Math.Min(panes.Count - from, _keys.Length - first);
        var keyIds = panes.KeyIds.Slice(from, count);
        var failureIndexes = panes.FailureIndexes.Slice(from, count);
        AddHeaders(panes, from, _headerOf.AsSpan(first, count));
        failureIndexes.CopyTo(_failureIndexes.AsSpan(first));
        keys.CopyKeys(keyIds, _keys.AsSpan(first, count));
        for (var row = 0; failureIndexes[row..].IndexOfAnyExcept(-1) is var ahead and >= 0; row++)
        {
            row += ahead;
            Failures[first + row] = failures.FailureOf(keyIds[row], failureIndexes[row]);
        }

        panes.Values.Slice(from * _width, count * _width).CopyTo(_values.AsSpan(first * _width));
        Count = first + count;
        return count;
    }

    private void AddHeaders(PaneGroup panes, int from, Span<int> headerOf)
    {
        if (panes.SharesHeader)
        {
            headerOf.Fill(_headerCount);
            _headers[_headerCount++] = panes.Headers[0];
            return;
        }

        panes.Headers.Slice(from, headerOf.Length).CopyTo(_headers.AsSpan(_headerCount));
        foreach (ref var place in headerOf)
            place = _headerCount++;
    }

    /// <summary>Says which number the first row has; the others follow.</summary>
    internal void NumberFrom(long first) => _firstNumber = first;

    /// <summary>Says which slot ended the input because the host shut down.</summary>
    internal void EndAt(long shutdownSequence) => _shutdownSequence = shutdownSequence;

    /// <summary>Copies rows into a batch of their own, which is never recycled.</summary>
    internal ResultBatch<TKey> ToOwned(int firstRow, int count)
    {
        var owned = new ResultBatch<TKey>(Schema, count, isOwned: true)
        {
            _firstNumber = _firstNumber + firstRow,
            _shutdownSequence = _shutdownSequence,
            _numbers = _numbers?[firstRow..(firstRow + count)],
        };
        for (var row = firstRow; row < firstRow + count; row++)
        {
            var header = HeaderAt(row) with { FailureIndex = _failureIndexes[row] };
            owned.Add(in header, _keys[row], ValuesAt(row), FailureAt(row));
        }

        return owned;
    }

    /// <summary>
    /// Puts a row of a batch of the same columns at a place: that of a row, or the one behind the last. A batch that is
    /// filled in this way has a header for each row.
    /// </summary>
    internal void Put(int row, ResultBatch<TKey> source, int sourceRow)
    {
        _headerOf[row] = row;
        _headers[row] = source.HeaderAt(sourceRow);
        _failureIndexes[row] = source._failureIndexes[sourceRow];
        _keys[row] = source._keys[sourceRow];
        if (source._shutdownSequence != NoShutdown)
            _shutdownSequence = source._shutdownSequence;
        (_numbers ??= new long[_keys.Length])[row] = source.NumberAt(sourceRow);
        source.ValuesOf(sourceRow).CopyTo(ValuesOf(row));
        if (source.FailureAt(sourceRow) is { } failure)
            Failures[row] = failure;
        else if (_failures is not null)
            _failures[row] = null;
        Count = Math.Max(Count, row + 1);
    }

    /// <summary>Forgets the rows from a place on. Only where rows were put.</summary>
    internal void Truncate(int count)
    {
        if (count >= Count)
            return;
        Array.Clear(_keys, count, Count - count);
        _failures?.AsSpan(count, Count - count).Clear();
        Count = count;
    }

    /// <summary>Becomes a copy of a batch of the same columns whose rows were put, and which is not larger.</summary>
    internal void CopyFrom(ResultBatch<TKey> source)
    {
        Version++;
        Truncate(source.Count);
        Count = source.Count;
        Array.Copy(source._headers, _headers, Count);
        Array.Copy(source._headerOf, _headerOf, Count);
        Array.Copy(source._failureIndexes, _failureIndexes, Count);
        Array.Copy(source._values, _values, Count * _width);
        Array.Copy(source._keys, _keys, Count);
        _shutdownSequence = source._shutdownSequence;
        if (source._numbers is { } numbers)
            Array.Copy(numbers, _numbers ??= new long[_keys.Length], Count);
        if (source._failures is { } failures)
            Array.Copy(failures, Failures, Count);
        else
            _failures = null;
    }

    internal void Recycle()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TKey>())
            Array.Clear(_keys, 0, Count);

        _failures = null;
        _headerCount = 0;
        _firstNumber = 0;
        _shutdownSequence = NoShutdown;
        Count = 0;
        RetractionCount = 0;
        Version++;
    }

    /// <summary>The header of a row, but for its key and its failure.</summary>
    internal ref readonly ResultHeader HeaderAt(int row) => ref _headers[_headerOf[row]];

    /// <summary>Whether the value is null: that of a filled window.</summary>
    internal bool IsNull(int row, int column) =>
        (HeaderAt(row).Flags & ResultFlags.NoValues) != ResultFlags.None && !Schema.IsCount(column);

    internal bool HasFailed(int row) => _failureIndexes[row] >= 0;

    internal TKey KeyAt(int row) => _keys[row];

    internal long NumberAt(int row) => _numbers is { } numbers ? numbers[row] : _firstNumber + row;

    /// <summary>Whether the window was not complete when the host shut down, and fired all the same.</summary>
    internal bool IsPartial(int row)
    {
        ref readonly var header = ref HeaderAt(row);

        // The end of the input completes the windows that the watermark before has not reached, and no others.
        return header.Sequence == _shutdownSequence && header.Timing == PaneTiming.OnTime;
    }

    internal Exception? FailureAt(int row) => _failures?[row];

    internal ReadOnlySpan<long> ValuesAt(int row) => ValuesOf(row);

    private Span<long> ValuesOf(int row) => _values.AsSpan(row * _width, _width);

    [DoesNotReturn]
    private void ThrowOutside(int index) => throw new ArgumentOutOfRangeException(
        nameof(index), index, $"A result's index must be at least 0 and below the batch's count of {Count}.");

    /// <summary>Goes through the results of a batch.</summary>
    public struct Enumerator : IEnumerator<WindowResult<TKey>>
    {
        private readonly ResultBatch<TKey> _batch;
        private int _row;

        internal Enumerator(ResultBatch<TKey> batch)
        {
            _batch = batch;
            _row = -1;
        }

        /// <summary>The result that <see cref="MoveNext"/> went to.</summary>
        public readonly WindowResult<TKey> Current => _batch[_row];

        readonly object IEnumerator.Current => Current;

        /// <summary>Goes to the next result, if there is one.</summary>
        public bool MoveNext() => ++_row < _batch.Count;

        /// <summary>Goes back to before the first result.</summary>
        public void Reset() => _row = -1;

        /// <summary>Does nothing: there is nothing to release.</summary>
        public readonly void Dispose()
        {
        }
    }
}
