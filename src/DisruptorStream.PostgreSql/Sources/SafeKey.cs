namespace DisruptorStream.PostgreSql.Sources;

/// <summary>Up to which key no row can come any more.</summary>
/// <remarks>
/// <para>
/// A key below the greatest one that is visible was drawn before that one, by a statement that had the table's lock by
/// then. So who has no lock after the greatest key was read has ended, or draws a greater key; and when all have ended
/// who had one, all rows up to that key are visible.
/// </para>
/// <para>A transaction that is prepared changes its name, so every prepared one is waited for. One thread at a time.
/// </para>
/// </remarks>
internal sealed class SafeKey
{
    private const string Prepared = "-1/";

    private readonly SourceTable _table;
    private HashSet<string> _awaited = [];
    private long? _candidate;

    public SafeKey(SourceTable table) => _table = table;

    /// <summary>Rows up to here are all visible; null for none.</summary>
    public long? Value { get; private set; }

    /// <summary>The greatest key that was seen, safe or not.</summary>
    public long? Greatest => _candidate ?? Value;

    /// <summary>Looks once; does not wait.</summary>
    /// <returns>Whether there are rows behind those before.</returns>
    public async ValueTask<bool> MoveAsync(CancellationToken cancellationToken)
    {
        if (_candidate is null)
        {
            var greatest = await _table.ReadGreatestKeyAsync(cancellationToken).ConfigureAwait(false);
            if (greatest is null || greatest <= Value)
                return false;
            _candidate = greatest;
            _awaited = await _table.ReadWritersAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var writers = await _table.ReadWritersAsync(cancellationToken).ConfigureAwait(false);
            _awaited.RemoveWhere(writer => !writers.Contains(writer));
            foreach (var writer in writers)
            {
                if (writer.StartsWith(Prepared, StringComparison.Ordinal))
                    _awaited.Add(writer);
            }
        }

        if (_awaited.Count > 0)
            return false;
        Value = _candidate;
        _candidate = null;
        return true;
    }

    /// <summary>Whether it waits for who writes.</summary>
    public bool IsWaiting => _candidate is not null;
}
