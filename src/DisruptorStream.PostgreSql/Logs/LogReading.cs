using System.Globalization;
using System.Runtime.CompilerServices;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.PostgreSql.Connections;
using Npgsql;

namespace DisruptorStream.PostgreSql.Logs;

/// <summary>Reads a partition page by page, the next one while the page before is handled.</summary>
internal sealed class LogReading
{
    private readonly PostgreSqlLog _log;
    private readonly LogServer _server;
    private readonly PartitionSignal _signal;

    public LogReading(PostgreSqlLog log, LogServer server, PartitionSignal signal)
    {
        _log = log;
        _server = server;
        _signal = signal;
    }

    /// <summary>As <see cref="IPartitionLog.ReadAsync"/> says.</summary>
    public async IAsyncEnumerable<LogEntry> ReadAsync(
        long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _server.Connections.ThrowIfDisposed();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _server.Connections.Ended);
        if (follow)
            _server.Listener.Start(_server.Channel);
        var end = follow ? long.MaxValue : await EndAsync(after, ended.Token).ConfigureAwait(false);
        var next = NextAsync(after, end, follow, ended.Token);
        try
        {
            while (true)
            {
                var page = await WaitAsync(next, cancellationToken).ConfigureAwait(false);
                if (page.Count == 0)
                    yield break;
                after = page[^1].Position;
                next = NextAsync(after, end, follow, ended.Token);
                foreach (var entry in page)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return entry;
                }
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The records behind a position; none only where the reading ends.</summary>
    private async Task<IReadOnlyList<LogEntry>> NextAsync(
        long after, long end, bool follow, CancellationToken cancellationToken)
    {
        while (after < end)
        {
            var more = _signal.Next;
            try
            {
                var page = await _log.ReadPageAsync(after, end, cancellationToken).ConfigureAwait(false);
                ThrowIfUnreadable(after, page);
                if (page.Entries.Count > 0 || !follow)
                    return page.Entries;
            }
            catch (Exception failure) when (follow && PostgreSqlFailures.IsPassing(failure))
            {
                // The server is away: the reading goes on when it is back.
                more = Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            catch (NpgsqlException failure)
            {
                throw _log.Failed(string.Create(
                    CultureInfo.InvariantCulture, $"the records behind {after} cannot be read"), failure);
            }

            await WaitAsync(more, cancellationToken).ConfigureAwait(false);
        }

        return [];
    }

    /// <summary>Waits until there may be more, or until it is time to look.</summary>
    private async Task WaitAsync(Task more, CancellationToken cancellationToken)
    {
        using var waited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(more, Task.Delay(_server.Options.PollInterval, waited.Token)).ConfigureAwait(false);
        await waited.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async ValueTask<long> EndAsync(long after, CancellationToken cancellationToken)
    {
        try
        {
            var page = await _log.ReadEndsAsync(cancellationToken).ConfigureAwait(false);
            ThrowIfUnreadable(after, page);
            return page.Last;
        }
        catch (NpgsqlException failure)
        {
            throw _log.Failed("its end cannot be read", failure);
        }
    }

    private async Task<IReadOnlyList<LogEntry>> WaitAsync(
        Task<IReadOnlyList<LogEntry>> next, CancellationToken cancellationToken)
    {
        try
        {
            return await next.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _server.Connections.ThrowIfDisposed();
            throw;
        }
    }

    /// <summary>Positions have no gaps: one that is missing is no longer kept.</summary>
    private void ThrowIfUnreadable(long after, LogPage page)
    {
        if (after > page.Last)
        {
            throw new LogTruncatedException(string.Create(
                CultureInfo.InvariantCulture,
                $"The log {_log.Name} ends at {page.Last}, before {after}: it was set back, or the position is of "
                + $"another."));
        }

        if (after > 0 && after < page.Truncated)
        {
            throw new LogTruncatedException(string.Create(
                CultureInfo.InvariantCulture,
                $"The log {_log.Name} no longer has the records {after + 1} to {page.Truncated}; keep records for "
                + $"longer than the time between two checkpoints."));
        }

        var position = Math.Max(after, page.Truncated);
        foreach (var entry in page.Entries)
        {
            if (entry.Position != ++position)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The record {position} of the log {_log.Name} is not there; somebody else has deleted it."));
            }
        }
    }
}
