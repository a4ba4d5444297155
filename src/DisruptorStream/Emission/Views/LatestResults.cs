using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Emission.Records;

namespace DisruptorStream.Emission.Views;

/// <summary>
/// The newest pane of each key, for a page, a limiter or a question now and then: a sink that any thread may read.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// <para>
/// A read sees all results of a slot or none of it, so all panes that one watermark has fired or none of them; it takes
/// no lock, and holds up neither the emitting thread nor other readers. Results are shown at the end of each step of
/// the emitting thread, and after a flush all that was published before it. For that thread a pane costs a look-up and
/// three copies, and allocates nothing once the keys are known.
/// </para>
/// <para>
/// A pane replaces that of a window which ends no later: a late pane of an older window does not replace a newer one. A
/// retraction without a replacement in the same slot takes the pane away, and so does the retirement of its key.
/// </para>
/// <para>
/// Where only the best are shown (<c>Top</c>), it holds the newest list of each group: a key that has left the list has
/// gone, and a new list of an older window changes nothing.
/// </para>
/// <para>
/// Pass it to one processor: <c>To(latest)</c>. When that has ended, the last state stays, and another processor may
/// be given the same object, which begins anew then.
/// </para>
/// </remarks>
public sealed class LatestResults<TKey> : IResultSink<TKey>, IRetiredKeySink<TKey>
    where TKey : notnull
{
    private readonly LatestResultsOptions _options;
    private LatestRows<TKey>? _rows;
    private LatestTables<TKey>? _tables;
    private string? _processor;
    private long _lastSequence;
    private SinkProgress _progress;
    private bool _isDue;
    private long _displaced;
    private long _retired;
    private long _postponed;

    /// <summary>Creates one that keeps up to 10,000 panes.</summary>
    public LatestResults()
        : this(new LatestResultsOptions())
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="capacity">How many panes it keeps: <see cref="LatestResultsOptions.Capacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public LatestResults(int capacity)
        : this(new LatestResultsOptions { Capacity = capacity })
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="options">What it keeps.</param>
    public LatestResults(LatestResultsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>How many panes it keeps at most.</summary>
    public int Capacity => _options.Capacity;

    /// <summary>How many panes it shows.</summary>
    public int Count
    {
        get
        {
            if (Volatile.Read(ref _tables) is not { } tables)
                return 0;
            var table = tables.Enter();
            var count = table.Rows.Count;
            LatestTables<TKey>.Leave(table);
            return count;
        }
    }

    /// <summary>How far the results have come that it shows: sequence -1 and no watermark before the start.</summary>
    public SinkProgress Progress
    {
        get
        {
            if (Volatile.Read(ref _tables) is not { } tables)
                return new SinkProgress(-1, null);
            var table = tables.Enter();
            var progress = table.ReadProgress();
            LatestTables<TKey>.Leave(table);
            return progress;
        }
    }

    /// <summary>Panes that went because there was no room for another key.</summary>
    public long Displaced => Volatile.Read(ref _displaced);

    /// <summary>Panes that went because their keys were retired.</summary>
    public long Retired => Volatile.Read(ref _retired);

    /// <summary>
    /// How often a state was shown later than it was whole, with the next one, because readers were in the middle of
    /// reading in all of its eight tables.
    /// </summary>
    public long Postponed => Volatile.Read(ref _postponed);

    /// <summary>
    /// The newest pane of a key; with <see cref="LatestResultsOptions.PerWindowLength"/> that of the window that ends
    /// last, of equal ones the shortest.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="result">The pane, which owns its memory: a few small arrays are allocated for it.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(TKey key, out WindowResult<TKey> result) => TryGet(key, null, out result);

    /// <summary>
    /// The newest pane of a key in windows of a length, with <see cref="LatestResultsOptions.PerWindowLength"/>.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="windowLength">From the window's start to its end.</param>
    /// <param name="result">The pane, which owns its memory: a few small arrays are allocated for it.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(TKey key, TimeSpan windowLength, out WindowResult<TKey> result) =>
        TryGet(key, (TimeSpan?)windowLength, out result);

    /// <summary>
    /// The newest pane of a key as a row of the host's own type. A row that is a struct allocates nothing.
    /// </summary>
    /// <typeparam name="TRow">The type, marked with <see cref="ResultRowAttribute"/>.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="binding">Of <see cref="StreamProcessor{TKey}.BindResults{TRow}"/>.</param>
    /// <param name="row">The row.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet<TRow>(TKey key, ResultBinding<TRow, TKey> binding, [MaybeNullWhen(false)] out TRow row)
        where TRow : IResultRow<TRow, TKey>
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(binding);
        row = default;
        if (Volatile.Read(ref _tables) is not { } tables)
            return false;
        var table = tables.Enter();
        try
        {
            var place = table.Index.FindNewest(table.Rows, key);
            if (place >= 0)
                row = binding.Read(table.Rows[place]);
            return place >= 0;
        }
        finally
        {
            LatestTables<TKey>.Leave(table);
        }
    }

    /// <summary>The newest pane of each key, all as of one moment, in a copy of its own.</summary>
    public LatestSnapshot<TKey> Read()
    {
        var snapshot = new LatestSnapshot<TKey>();
        Read(snapshot);
        return snapshot;
    }

    /// <summary>The newest pane of each key as rows of the host's own type, all as of one moment.</summary>
    /// <typeparam name="TRow">The type, marked with <see cref="ResultRowAttribute"/>.</typeparam>
    /// <returns>A list of its own, in no order; empty before the start.</returns>
    /// <remarks>
    /// The names of the members are looked up at each call, which costs a few microseconds; <see
    /// cref="Read{TRow}(ResultBinding{TRow, TKey})"/> does not.
    /// </remarks>
    /// <exception cref="ArgumentException">A member has no metric, or one of another type.</exception>
    /// <exception cref="InvalidOperationException">
    /// A window has failed, and a member is a long, which has no value for that; make it nullable.
    /// </exception>
    public IReadOnlyList<TRow> Read<TRow>()
        where TRow : IResultRow<TRow, TKey> => ReadRows<TRow>(null);

    /// <summary>The newest pane of each key as rows of the host's own type, all as of one moment.</summary>
    /// <typeparam name="TRow">The type, marked with <see cref="ResultRowAttribute"/>.</typeparam>
    /// <param name="binding">Of <see cref="StreamProcessor{TKey}.BindResults{TRow}"/>.</param>
    /// <returns>A list of its own, in no order; empty before the start.</returns>
    /// <exception cref="InvalidOperationException">
    /// A window has failed, and a member is a long, which has no value for that; make it nullable.
    /// </exception>
    public IReadOnlyList<TRow> Read<TRow>(ResultBinding<TRow, TKey> binding)
        where TRow : IResultRow<TRow, TKey>
    {
        ArgumentNullException.ThrowIfNull(binding);
        return ReadRows(binding);
    }

    /// <summary>Fills a snapshot with the newest pane of each key, all as of one moment.</summary>
    /// <param name="snapshot">Its memory is used again: then nothing is allocated unless there are more keys.</param>
    public void Read(LatestSnapshot<TKey> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (Volatile.Read(ref _tables) is not { } tables)
        {
            snapshot.Clear();
            return;
        }

        var table = tables.Enter();
        try
        {
            snapshot.Fill(table, _options.PerWindowLength);
        }
        finally
        {
            LatestTables<TKey>.Leave(table);
        }
    }

    void ISink.OnStart(in SinkContext context)
    {
        if (_processor is { } other)
        {
            throw new InvalidOperationException(
                $"The view of the newest results belongs to the processor '{other}' already; give the processor "
                + $"'{context.ProcessorName}' a LatestResults of its own.");
        }

        _processor = context.ProcessorName;
        _lastSequence = context.FirstSequence - 1;
        _progress = new SinkProgress(_lastSequence, null);
        _isDue = false;
        _rows = new LatestRows<TKey>(
            context.Schema, _options.Capacity, _options.PerWindowLength, context.Groups);

        // Pairs with the reads of those who read the view.
        Volatile.Write(ref _tables, new LatestTables<TKey>(_rows, _lastSequence));
    }

    void IResultSink<TKey>.OnResults(ResultBatch<TKey> batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            Begin(batch.HeaderAt(row).Sequence);
            _rows!.Apply(batch, row);
        }

        Volatile.Write(ref _displaced, _rows!.Displaced);
    }

    void IRetiredKeySink<TKey>.OnRetired(TKey key, long sequence)
    {
        Begin(sequence);
        Volatile.Write(ref _retired, _retired + _rows!.Remove(key));
    }

    void ISink.OnProgress(in SinkProgress progress)
    {
        _progress = progress;
        if (progress.Sequence < _lastSequence)
        {
            // A part of the last slot's rows is still to come: shown when they are here.
            _isDue = true;
            return;
        }

        _lastSequence = progress.Sequence;
        _rows!.Settle();
        Show();
    }

    void ISink.OnFlush() => ShowAtLast();

    void ISink.OnComplete(Exception? failure)
    {
        ShowAtLast();
        _processor = null;
    }

    /// <summary>Rows come in order: with the first of a new sequence those before it are all there.</summary>
    private void Begin(long sequence)
    {
        if (sequence <= _lastSequence)
            return;
        _rows!.Settle();
        if (_isDue)
            Show();
        _lastSequence = sequence;
    }

    private void Show()
    {
        _isDue = !_tables!.TryShow(_lastSequence, _progress.WatermarkTicks ?? long.MinValue);
        if (_isDue)
            Volatile.Write(ref _postponed, _postponed + 1);
    }

    /// <summary>Nothing may come for long that would show what was postponed: waits for a reader to be done.</summary>
    private void ShowAtLast()
    {
        var wait = default(SpinWait);
        while (_isDue && _progress.Sequence >= _lastSequence && !TryShowAgain())
            wait.SpinOnce();
    }

    private bool TryShowAgain()
    {
        _isDue = !_tables!.TryShow(_lastSequence, _progress.WatermarkTicks ?? long.MinValue);
        return !_isDue;
    }

    private TRow[] ReadRows<TRow>(ResultBinding<TRow, TKey>? binding)
        where TRow : IResultRow<TRow, TKey>
    {
        if (Volatile.Read(ref _tables) is not { } tables)
            return [];
        var table = tables.Enter();
        try
        {
            binding ??= new ResultBinding<TRow, TKey>(table.Rows.Schema);
            var rows = new TRow[table.Rows.Count];
            for (var row = 0; row < rows.Length; row++)
                rows[row] = binding.Read(table.Rows[row]);
            return rows;
        }
        finally
        {
            LatestTables<TKey>.Leave(table);
        }
    }

    private bool TryGet(TKey key, TimeSpan? windowLength, out WindowResult<TKey> result)
    {
        ArgumentNullException.ThrowIfNull(key);
        result = default;
        if (Volatile.Read(ref _tables) is not { } tables)
            return false;
        var table = tables.Enter();
        try
        {
            var row = windowLength is { } length
                ? table.Index.FindExact(table.Rows, key, length.Ticks)
                : table.Index.FindNewest(table.Rows, key);
            if (row >= 0)
                result = table.Rows[row].ToOwned();
            return row >= 0;
        }
        finally
        {
            LatestTables<TKey>.Leave(table);
        }
    }
}
