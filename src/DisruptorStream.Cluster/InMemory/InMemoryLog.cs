using System.Runtime.CompilerServices;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.InMemory;

/// <summary>One partition in memory. Positions are 1, 2, 3 and so on.</summary>
internal sealed class InMemoryLog : IPartitionLog
{
    private readonly Lock _gate = new();
    private readonly List<LogEntry> _entries = [];
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private TaskCompletionSource _more = NewSignal();
    private long _truncatedThrough;

    public InMemoryLog(string name) => Name = name;

    public string Name { get; }

    /// <summary>The position of the last record that ever was; 0 for none. Within the lock.</summary>
    private long End => _truncatedThrough + _entries.Count;

    public ValueTask<LogEntry?> ReadLastAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            return new(_entries.Count > 0 ? _entries[^1] : null);
    }

    public ValueTask<long> AppendAsync(LogRecord record, long lastPosition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(lastPosition);
        record = LogRecords.Checked(record);
        lock (_gate)
        {
            var there = _entries.Count > 0 ? End : 0;
            return lastPosition == there
                ? new(Add(record))
                : ValueTask.FromException<long>(new PartitionFencedException(
                    $"The log {Name} ends at {there} and not at {lastPosition}."));
        }
    }

    public ValueTask<long> AppendAsync(LogRecord record, string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        record = LogRecords.Checked(record);
        LogRecords.CheckedId(id);
        lock (_gate)
        {
            if (!_ids.TryGetValue(id, out var position))
                _ids.Add(id, position = Add(record));
            return new(position);
        }
    }

    public async IAsyncEnumerable<LogEntry> ReadAsync(
        long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        cancellationToken.ThrowIfCancellationRequested();
        long end;
        lock (_gate)
        {
            if (after > End)
            {
                throw new LogTruncatedException(
                    $"The log {Name} ends at {End}, before {after}: it was set back, or the position is of another.");
            }

            end = follow ? long.MaxValue : End;
            after = after == 0 ? _truncatedThrough : after;
        }

        for (var at = after; at < end; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogEntry? entry;
            while ((entry = EntryBehind(at, out var more)) is null)
                await more.WaitAsync(cancellationToken).ConfigureAwait(false);
            yield return entry.Value;
        }
    }

    /// <summary>Forgets records up to a position, as a server does with old ones.</summary>
    public void Truncate(long through)
    {
        lock (_gate)
        {
            var count = (int)Math.Clamp(through - _truncatedThrough, 0, _entries.Count);
            _entries.RemoveRange(0, count);
            _truncatedThrough += count;
        }
    }

    public ValueTask DisposeAsync() => default;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LogEntry? EntryBehind(long position, out Task more)
    {
        lock (_gate)
        {
            if (position < _truncatedThrough)
            {
                throw new LogTruncatedException(
                    $"The log {Name} keeps the records behind {_truncatedThrough}, and not those behind {position}.");
            }

            more = _more.Task;
            return position < End ? _entries[(int)(position - _truncatedThrough)] : null;
        }
    }

    /// <summary>Adds a copy, since the bytes are the caller's. Within the lock.</summary>
    private long Add(LogRecord record)
    {
        var position = End + 1;
        _entries.Add(new LogEntry(position, new LogRecord(record.Body.ToArray(), [.. record.Headers])));
        var more = _more;
        _more = NewSignal();
        more.SetResult();
        return position;
    }
}
