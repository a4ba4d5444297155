using System.Runtime.CompilerServices;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Owning;

/// <summary>A log whose calls end when their token says so, though the log itself may not listen.</summary>
internal sealed class PromptLog : IPartitionLog
{
    private readonly IPartitionLog _log;

    private PromptLog(IPartitionLog log) => _log = log;

    public string Name => _log.Name;

    /// <summary>Opens one.</summary>
    public static async ValueTask<IPartitionLog> OpenAsync(
        IPartitionLogStore store, string topic, int partition, CancellationToken cancellationToken)
    {
        var open = store.OpenAsync(topic, partition, cancellationToken).AsTask();
        try
        {
            return new PromptLog(await PromptCalls.EndAsync(open, cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!open.IsCompleted)
        {
            _ = CloseLateAsync(open);
            throw;
        }
    }

    public ValueTask<LogEntry?> ReadLastAsync(CancellationToken cancellationToken) =>
        PromptCalls.EndAsync(_log.ReadLastAsync(cancellationToken), cancellationToken);

    public ValueTask<long> AppendAsync(LogRecord record, long lastPosition, CancellationToken cancellationToken) =>
        PromptCalls.EndAsync(_log.AppendAsync(record, lastPosition, cancellationToken), cancellationToken);

    public ValueTask<long> AppendAsync(LogRecord record, string id, CancellationToken cancellationToken) =>
        PromptCalls.EndAsync(_log.AppendAsync(record, id, cancellationToken), cancellationToken);

    public async IAsyncEnumerable<LogEntry> ReadAsync(
        long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = _log.ReadAsync(after, follow, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var move = Task.FromResult(true);
        try
        {
            while (true)
            {
                move = entries.MoveNextAsync().AsTask();
                if (!await PromptCalls.EndAsync(move, cancellationToken).ConfigureAwait(false))
                    yield break;
                yield return entries.Current;
            }
        }
        finally
        {
            if (move.IsCompleted)
                await PromptCalls.CloseAsync(entries).ConfigureAwait(false);
            else
                _ = CloseLateAsync(move, entries);
        }
    }

    public ValueTask DisposeAsync() => PromptCalls.CloseAsync(_log);

    private static async Task CloseLateAsync(Task<IPartitionLog> open)
    {
        await ((Task)open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (open.IsCompletedSuccessfully)
            await PromptCalls.CloseAsync(await open.ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task CloseLateAsync(Task<bool> move, IAsyncDisposable entries)
    {
        await ((Task)move).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await PromptCalls.CloseAsync(entries).ConfigureAwait(false);
    }
}
