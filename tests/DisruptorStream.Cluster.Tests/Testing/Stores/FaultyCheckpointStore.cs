using DisruptorStream.Cluster.Checkpoints;

namespace DisruptorStream.Cluster.Tests.Testing.Stores;

/// <summary>A store of checkpoints that fails now and then, or gives a damaged one.</summary>
internal sealed class FaultyCheckpointStore : ICheckpointStore
{
    private readonly ICheckpointStore _inner;
    private readonly Random _random;

    /// <param name="inner">The store behind it.</param>
    /// <param name="seed">Says when calls fail: every fifth.</param>
    public FaultyCheckpointStore(ICheckpointStore inner, int seed) => (_inner, _random) = (inner, new Random(seed));

    public async ValueTask<StoredCheckpoint?> ReadAsync(
        string topic, int partition, CancellationToken cancellationToken)
    {
        Fail();
        if (await _inner.ReadAsync(topic, partition, cancellationToken) is not { } stored)
            return null;
        if (!Fails())
            return stored;
        var damaged = stored.Checkpoint.State.ToArray();
        damaged[damaged.Length / 2] ^= 1;
        return stored with { Checkpoint = stored.Checkpoint with { State = damaged } };
    }

    public async ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken)
    {
        Fail();
        var written = await _inner.WriteAsync(topic, partition, checkpoint, revision, cancellationToken);
        Fail();
        return written;
    }

    public ValueTask DisposeAsync() => default;

    private void Fail()
    {
        if (Fails())
            throw new IOException("The store was told to fail.");
    }

    private bool Fails()
    {
        lock (_random)
            return _random.Next(5) == 0;
    }
}
