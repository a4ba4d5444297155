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

    public InMemoryLog(string name) => Name = name;

    public string Name { get; }

    public ValueTask<LogEntry?> ReadLastAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            return new(_entries.Count > 0 ? _entries[^1] : null);
    }

    public ValueTask<long> AppendAsync(LogRecord record, long lastPosition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return lastPosition == _entries.Count
                ? new(Add(record))
                : ValueTask.FromException<long>(new PartitionFencedException(
                    $"The log {Name} ends at {_entries.Count} and not at {lastPosition}."));
        }
    }

    public ValueTask<long> AppendAsync(LogRecord record, string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(id);
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
        long end;
        lock (_gate)
            end = follow ? long.MaxValue : _entries.Count;
        for (var at = after; at < end; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogEntry? entry;
            while ((entry = EntryAt(at, out var more)) is null)
                await more.WaitAsync(cancellationToken).ConfigureAwait(false);
            yield return entry.Value;
        }
    }

    public ValueTask DisposeAsync() => default;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LogEntry? EntryAt(long index, out Task more)
    {
        lock (_gate)
        {
            more = _more.Task;
            return index < _entries.Count ? _entries[(int)index] : null;
        }
    }

    /// <summary>Adds a copy, since the bytes are the caller's. Within the lock.</summary>
    private long Add(LogRecord record)
    {
        var position = _entries.Count + 1;
        _entries.Add(new LogEntry(position, new LogRecord(record.Body.ToArray(), [.. record.Headers ?? []])));
        var more = _more;
        _more = NewSignal();
        more.SetResult();
        return position;
    }
}
