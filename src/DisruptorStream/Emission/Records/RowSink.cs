using System.Runtime.CompilerServices;

namespace DisruptorStream.Emission.Records;

/// <summary>A sink that gets results as rows of the host's own type.</summary>
/// <typeparam name="TRow">The type, marked with <see cref="ResultRowAttribute"/>.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// The names and types are checked when the processor begins to deliver, and what is wrong then is a failure of the
/// sink; to know before, call <see cref="StreamProcessor{TKey}.BindResults{TRow}"/>. Rows that are structs cost no
/// allocation.
/// </remarks>
public abstract class RowSink<TRow, TKey> : IResultSink<TKey>
    where TRow : IResultRow<TRow, TKey>
{
    private ResultBinding<TRow, TKey>? _binding;
    private TRow[] _rows = [];

    /// <summary>Checks the names and types; a method that overrides it calls it.</summary>
    /// <param name="context">What the sink may want to know of its processor.</param>
    /// <exception cref="ArgumentException">A member has no metric, or one of another type.</exception>
    public virtual void OnStart(in SinkContext context) => _binding = new ResultBinding<TRow, TKey>(context.Schema);

    /// <summary>Hands the results on as rows.</summary>
    /// <param name="batch">The results.</param>
    public void OnResults(ResultBatch<TKey> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_rows.Length < batch.Count)
            _rows = new TRow[batch.Count];
        for (var row = 0; row < batch.Count; row++)
            _rows[row] = _binding!.Read(batch[row]);
        OnRows(_rows.AsSpan(0, batch.Count));
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TRow>())
            Array.Clear(_rows, 0, batch.Count);
    }

    /// <inheritdoc cref="ISink.OnFlush"/>
    public virtual void OnFlush()
    {
    }

    /// <inheritdoc cref="ISink.OnComplete"/>
    /// <param name="failure">Why not all was delivered; null where it was.</param>
    public virtual void OnComplete(Exception? failure)
    {
    }

    /// <summary>Handles one or more rows, in result order.</summary>
    /// <param name="rows">Valid during the call only: their place is used again.</param>
    protected abstract void OnRows(ReadOnlySpan<TRow> rows);
}
