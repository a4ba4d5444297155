using System.Runtime.CompilerServices;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Tests.Testing.Stores;

/// <summary>Logs in memory that a test can have do odd things: hang, throw, tell something else.</summary>
internal sealed class OddLogStore : IPartitionLogStore
{
    private static readonly Func<string, CancellationToken, Task> Nothing = static (_, _) => Task.CompletedTask;

    /// <summary>The logs behind it.</summary>
    public InMemoryLogStore Inner { get; } = new();

    /// <summary>Called before each append to a log of this name.</summary>
    public Func<string, CancellationToken, Task> BeforeAppend { get; set; } = Nothing;

    /// <summary>Called behind each append.</summary>
    public Func<string, CancellationToken, Task> AfterAppend { get; set; } = Nothing;

    /// <summary>Called before each record that is read, and before the first wait for one.</summary>
    public Func<string, CancellationToken, Task> OnRead { get; set; } = Nothing;

    /// <summary>Called before the last record is read.</summary>
    public Func<string, CancellationToken, Task> OnReadLast { get; set; } = Nothing;

    /// <summary>Called when a log is closed.</summary>
    public Func<string, CancellationToken, Task> OnClose { get; set; } = Nothing;

    /// <summary>Whether a reader that follows just ends, behind the records that are there.</summary>
    public bool EndsReading { get; set; }

    /// <summary>A call that never ends, whatever the token says.</summary>
    public static Func<string, CancellationToken, Task> Hang { get; } = static (_, _) =>
        new TaskCompletionSource().Task;

    public ValueTask CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken) =>
        Inner.CreateTopicAsync(topic, partitions, cancellationToken);

    public ValueTask<int> CountPartitionsAsync(string topic, CancellationToken cancellationToken) =>
        Inner.CountPartitionsAsync(topic, cancellationToken);

    public async ValueTask<IPartitionLog> OpenAsync(string topic, int partition, CancellationToken cancellationToken) =>
        new OddLog(this, await Inner.OpenAsync(topic, partition, cancellationToken));

    public ValueTask DisposeAsync() => default;

    private sealed class OddLog : IPartitionLog
    {
        private readonly OddLogStore _store;
        private readonly IPartitionLog _inner;

        public OddLog(OddLogStore store, IPartitionLog inner) => (_store, _inner) = (store, inner);

        public string Name => _inner.Name;

        public async ValueTask<LogEntry?> ReadLastAsync(CancellationToken cancellationToken)
        {
            await _store.OnReadLast(Name, cancellationToken);
            return await _inner.ReadLastAsync(cancellationToken);
        }

        public async ValueTask<long> AppendAsync(
            LogRecord record, long lastPosition, CancellationToken cancellationToken)
        {
            await _store.BeforeAppend(Name, cancellationToken);
            var position = await _inner.AppendAsync(record, lastPosition, cancellationToken);
            await _store.AfterAppend(Name, cancellationToken);
            return position;
        }

        public async ValueTask<long> AppendAsync(LogRecord record, string id, CancellationToken cancellationToken)
        {
            await _store.BeforeAppend(Name, cancellationToken);
            var position = await _inner.AppendAsync(record, id, cancellationToken);
            await _store.AfterAppend(Name, cancellationToken);
            return position;
        }

        public async IAsyncEnumerable<LogEntry> ReadAsync(
            long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await _store.OnRead(Name, cancellationToken);
            await foreach (var entry in _inner.ReadAsync(after, follow && !_store.EndsReading, cancellationToken))
            {
                await _store.OnRead(Name, cancellationToken);
                yield return entry;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _store.OnClose(Name, default);
            await _inner.DisposeAsync();
        }
    }
}
