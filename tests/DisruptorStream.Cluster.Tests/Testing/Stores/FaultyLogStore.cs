using System.Runtime.CompilerServices;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Tests.Testing.Stores;

/// <summary>
/// A store of logs whose calls fail now and then, before or after they have done what they were asked.
/// </summary>
internal sealed class FaultyLogStore : IPartitionLogStore
{
    private readonly IPartitionLogStore _inner;
    private readonly Random _random;
    private readonly double _share;

    /// <param name="inner">The store behind it.</param>
    /// <param name="seed">Says when calls fail.</param>
    /// <param name="share">How many of them, 0 to 1.</param>
    public FaultyLogStore(IPartitionLogStore inner, int seed, double share) =>
        (_inner, _random, _share) = (inner, new Random(seed), share);

    public ValueTask CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken) =>
        _inner.CreateTopicAsync(topic, partitions, cancellationToken);

    public ValueTask<int> CountPartitionsAsync(string topic, CancellationToken cancellationToken) =>
        _inner.CountPartitionsAsync(topic, cancellationToken);

    public async ValueTask<IPartitionLog> OpenAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        Fail("open");
        return new FaultyLog(this, await _inner.OpenAsync(topic, partition, cancellationToken));
    }

    public ValueTask DisposeAsync() => default;

    private void Fail(string what)
    {
        lock (_random)
        {
            if (_random.NextDouble() < _share)
                throw new IOException($"The log was told to fail at {what}.");
        }
    }

    private sealed class FaultyLog : IPartitionLog
    {
        private readonly FaultyLogStore _store;
        private readonly IPartitionLog _inner;

        public FaultyLog(FaultyLogStore store, IPartitionLog inner) => (_store, _inner) = (store, inner);

        public string Name => _inner.Name;

        public async ValueTask<LogEntry?> ReadLastAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            _store.Fail("the last record");
            return await _inner.ReadLastAsync(cancellationToken);
        }

        public async ValueTask<long> AppendAsync(
            LogRecord record, long lastPosition, CancellationToken cancellationToken)
        {
            await Task.Yield();
            _store.Fail("an append, before");
            var position = await _inner.AppendAsync(record, lastPosition, cancellationToken);
            _store.Fail("an append, after");
            return position;
        }

        public async ValueTask<long> AppendAsync(LogRecord record, string id, CancellationToken cancellationToken)
        {
            await Task.Yield();
            _store.Fail("an append, before");
            var position = await _inner.AppendAsync(record, id, cancellationToken);
            _store.Fail("an append, after");
            return position;
        }

        public async IAsyncEnumerable<LogEntry> ReadAsync(
            long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var entry in _inner.ReadAsync(after, follow, cancellationToken))
            {
                _store.Fail("a record");
                yield return entry;
            }
        }

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
