using System.Globalization;
using DisruptorStream.Sources;
using Npgsql;

namespace DisruptorStream.PostgreSql.Sources;

/// <summary>Reads a table page by page.</summary>
internal sealed class PostgreSqlSourceReader<TEvent> : ISeekableReader<TEvent>
{
    private readonly SourceTable _table;
    private readonly Func<NpgsqlDataReader, TEvent> _read;
    private readonly PostgreSqlSourceOptions _options;
    private readonly Queue<SourceRow<TEvent>> _rows = new();
    private readonly SafeKey _safe;
    private RowPlace? _given;
    private RowPlace? _fetched;

    /// <param name="table">Closed with the reader.</param>
    /// <param name="read">Makes an event of a row.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="begin">The place behind which it begins; null for the start.</param>
    public PostgreSqlSourceReader(
        SourceTable table,
        Func<NpgsqlDataReader, TEvent> read,
        PostgreSqlSourceOptions options,
        RowPlace? begin)
    {
        _table = table;
        _read = read;
        _options = options;
        _safe = new SafeKey(table);
        _given = begin;
        _fetched = begin;
    }

    public SourcePosition Position => _given?.Position(_table.HasTransactions) ?? SourcePosition.Start;

    public long? Lag =>
        _safe.Greatest is { } greatest && _given is { } given ? Math.Max(greatest - given.Key, 0) : null;

    public async ValueTask<bool> ReadAsync(SourceBatch<TEvent> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            Give(batch);
            if (batch.Count > 0 || batch.Rejected > 0)
                return true;
            if (await FetchAsync(cancellationToken).ConfigureAwait(false))
                continue;
            if (!_options.Follows && !await IsWaitingAsync(cancellationToken).ConfigureAwait(false))
                return false;
            await Task.Delay(_options.PollInterval, cancellationToken).ConfigureAwait(false);
            if (!await FetchAsync(cancellationToken).ConfigureAwait(false))
                return true;
        }
    }

    public ValueTask DisposeAsync() => _table.DisposeAsync();

    private void Give(SourceBatch<TEvent> batch)
    {
        while (!batch.IsFull && _rows.TryPeek(out var row))
        {
            if (row.Failure is { } failure)
                batch.Reject($"The row {row.Place} of the table {_table.Name}", failure);
            else
                batch.Add(row.Event);
            _given = row.Place;
            _rows.Dequeue();
        }
    }

    /// <summary>Reads the next page; false where there is none yet.</summary>
    private async ValueTask<bool> FetchAsync(CancellationToken cancellationToken)
    {
        if (!_table.HasTransactions && (_safe.Value is null || _safe.Value <= _fetched?.Key)
            && !await _safe.MoveAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await using var command = _table.ReadRows(_fetched, _safe.Value ?? 0, _options.PageRows);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var keyColumn = row.FieldCount - (_table.HasTransactions ? 2 : 1);
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var place = PlaceOf(row, keyColumn);
            _rows.Enqueue(Read(row, place));
            _fetched = place;
        }

        // What is safe was asked for to its end where there is less than a page.
        if (!_table.HasTransactions && _rows.Count < _options.PageRows)
            _fetched = new RowPlace(0, Math.Max(_fetched?.Key ?? long.MinValue, _safe.Value ?? long.MinValue));
        return _rows.Count > 0;
    }

    /// <summary>Whether there are rows that cannot be given yet.</summary>
    private async ValueTask<bool> IsWaitingAsync(CancellationToken cancellationToken) => _table.HasTransactions
        ? await _table.HasMoreAsync(_fetched, cancellationToken).ConfigureAwait(false)
        : _safe.IsWaiting;

    private RowPlace PlaceOf(NpgsqlDataReader row, int keyColumn)
    {
        if (row.IsDBNull(keyColumn) || (_table.HasTransactions && row.IsDBNull(keyColumn + 1)))
        {
            throw new InvalidOperationException(
                $"A row of the table {_table.Name} is without a key, so that it has no place; declare the column "
                + "NOT NULL.");
        }

        return new RowPlace(
            _table.HasTransactions ? ulong.Parse(row.GetString(keyColumn + 1), CultureInfo.InvariantCulture) : 0,
            row.GetInt64(keyColumn));
    }

    private SourceRow<TEvent> Read(NpgsqlDataReader row, RowPlace place)
    {
        try
        {
            return new SourceRow<TEvent>(place, _read(row), null);
        }
        catch (Exception failure) when (failure is not NpgsqlException)
        {
            return new SourceRow<TEvent>(place, default!, failure.Message);
        }
    }
}
