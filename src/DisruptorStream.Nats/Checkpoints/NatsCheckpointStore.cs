using System.Globalization;
using System.IO.Hashing;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Nats.Connections;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Nats.Checkpoints;

/// <summary>Checkpoints in a stream of NATS JetStream.</summary>
/// <remarks>
/// <para>
/// The state is cut into messages of its own, and then one message names it, under compare-and-set: readers see the old
/// one or the new one. What lies there of older ones, also of writers that were ended in the middle, is deleted after
/// the next write. So the stream <c>ds_checkpoints</c> has up to two states of each partition.
/// </para>
/// <para>A revision is the number of the message that names the state. Any thread, several calls at a time.</para>
/// </remarks>
public sealed class NatsCheckpointStore : ICheckpointStore
{
    private const int ChunksAtOnce = 8;
    private const int MostChanges = 16;
    private const int BytesOfHeaders = 4096;

    private readonly NatsCheckpointOptions _options;
    private readonly NatsLink _link;
    private readonly string _stream;
    private volatile bool _isMade;

    /// <summary>Nothing is opened yet.</summary>
    /// <param name="options">Where, and how; null for the defaults.</param>
    public NatsCheckpointStore(NatsCheckpointOptions? options = null)
    {
        _options = options ?? new NatsCheckpointOptions();
        _link = new NatsLink(_options);
        _stream = $"{_options.Prefix}_checkpoints";
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The server is not there, or says no.</exception>
    public async ValueTask<StoredCheckpoint?> ReadAsync(
        string topic, int partition, CancellationToken cancellationToken)
    {
        var place = PlaceOf(topic, partition);
        for (var change = 0; change < MostChanges; change++)
        {
            if (await ReadHeadAsync(place, cancellationToken).ConfigureAwait(false) is not { } message)
                return null;
            var head = CheckpointHead.Of(in message);
            var (state, chunks) = await ReadStateAsync(place, head, cancellationToken).ConfigureAwait(false);
            if (chunks == head.Chunks && ChecksumOf(state).Equals(head.Checksum, StringComparison.Ordinal))
            {
                return new StoredCheckpoint(
                    message.Sequence,
                    message.Time,
                    new Checkpoint { Epoch = head.Epoch, Position = head.Position, State = state });
            }

            // A newer one may have come meanwhile, and this one was deleted.
            var now = await ReadHeadAsync(place, cancellationToken).ConfigureAwait(false);
            if (now?.Sequence == message.Sequence)
            {
                throw new DamagedCheckpointException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The checkpoint {message.Sequence} of {topic}/{partition} is damaged: {chunks} of {head.Chunks} "
                    + $"messages of its state are there, and their checksum is another one."))
                {
                    Revision = message.Sequence,
                };
            }
        }

        throw new IOException(
            $"The checkpoint of {topic}/{partition} was replaced {MostChanges} times while it was read.");
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The server is not there, or says no.</exception>
    public async ValueTask<CheckpointPlace?> FindAsync(
        string topic, int partition, CancellationToken cancellationToken)
    {
        var place = PlaceOf(topic, partition);
        if (await ReadHeadAsync(place, cancellationToken).ConfigureAwait(false) is not { } message)
            return null;
        var head = CheckpointHead.Of(in message);
        return new CheckpointPlace(message.Sequence, message.Time, head.Epoch, head.Position);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">
    /// The server is not there, or says no; it is not known whether the checkpoint was replaced.
    /// </exception>
    public async ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken)
    {
        var place = PlaceOf(topic, partition);
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfNegative(revision);
        await MakeStreamAsync(cancellationToken).ConfigureAwait(false);
        var there = await ReadHeadAsync(place, cancellationToken).ConfigureAwait(false);
        if ((there?.Sequence ?? 0) != revision)
            throw Fenced(topic, partition, revision);
        var id = Guid.NewGuid().ToString("N");
        var chunkBytes = Math.Min(_options.ChunkBytes, Math.Max(1, _link.MaxPayload - BytesOfHeaders));
        var head = new CheckpointHead
        {
            Id = id,
            Epoch = checkpoint.Epoch,
            Position = checkpoint.Position,
            Length = checkpoint.State.Length,
            ChunkBytes = chunkBytes,
            FirstSequence = await WriteStateAsync(place, id, checkpoint.State, chunkBytes, cancellationToken)
                .ConfigureAwait(false),
            Checksum = ChecksumOf(checkpoint.State),
        };
        var written = await _link.AddAsync(
            new StreamMessage($"{place}.head", 0, default, default, head.ToHeaders()),
            new NatsJSPubOpts { ExpectedStream = _stream, ExpectedLastSubjectSequence = (ulong)revision },
            $"Writing the checkpoint of {topic}/{partition}",
            cancellationToken).ConfigureAwait(false);
        if (written is { } sequence)
        {
            // Who writes after this one has looked at it, and so writes behind it.
            await DeleteAsync($"{place}.state.>", head.Chunks > 0 ? head.FirstSequence : sequence, cancellationToken)
                .ConfigureAwait(false);
            return sequence;
        }

        await DeleteAsync($"{place}.state.{id}.>", null, cancellationToken).ConfigureAwait(false);
        throw Fenced(topic, partition, revision);
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private static string ChecksumOf(ReadOnlyMemory<byte> state) =>
        Convert.ToHexString(XxHash128.Hash(state.Span));

    private static PartitionFencedException Fenced(string topic, int partition, long revision) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The checkpoint of {topic}/{partition} is no longer revision {revision}."));

    private string PlaceOf(string topic, int partition)
    {
        TopicNames.Checked(topic);
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        return string.Create(CultureInfo.InvariantCulture, $"{_options.Prefix}.checkpoints.{topic}.{partition}");
    }

    private async ValueTask MakeStreamAsync(CancellationToken cancellationToken)
    {
        if (_isMade)
            return;
        await _link.MakeAsync(
            new StreamConfig(_stream, [$"{_options.Prefix}.checkpoints.>"])
            {
                Description = "DisruptorStream: the newest checkpoint of each partition",
                AllowDirect = false,
                MaxBytes = _options.MaxBytes == 0 ? -1 : _options.MaxBytes,

                // Where it is full, a write fails: what is there must not be thrown away.
                Discard = StreamConfigDiscard.New,
                MaxMsgsPerSubject = 1,
                NumReplicas = _options.Replicas,
                Storage = _options.InMemory ? StreamConfigStorage.Memory : StreamConfigStorage.File,
            },
            cancellationToken).ConfigureAwait(false);
        _isMade = true;
    }

    private ValueTask<StreamMessage?> ReadHeadAsync(string place, CancellationToken cancellationToken) =>
        _link.ReadLastAsync(_stream, $"{place}.head", $"Reading the checkpoint of '{place}'", cancellationToken);

    /// <summary>Writes the messages of a state, some at once; gives the lowest number.</summary>
    private async ValueTask<long> WriteStateAsync(
        string place, string id, ReadOnlyMemory<byte> state, int chunkBytes, CancellationToken cancellationToken)
    {
        var first = long.MaxValue;
        var chunks = (int)(((long)state.Length + chunkBytes - 1) / chunkBytes);
        await Parallel.ForAsync(
            0,
            chunks,
            new ParallelOptions { MaxDegreeOfParallelism = ChunksAtOnce, CancellationToken = cancellationToken },
            async (chunk, token) =>
            {
                var start = chunk * chunkBytes;
                var body = state.Slice(start, Math.Min(chunkBytes, state.Length - start));
                var sequence = await _link.AddAsync(
                    new StreamMessage(
                        string.Create(CultureInfo.InvariantCulture, $"{place}.state.{id}.{chunk}"),
                        0,
                        default,
                        body,
                        null),
                    new NatsJSPubOpts { ExpectedStream = _stream },
                    $"Writing the state of '{place}'",
                    token).ConfigureAwait(false);
                AtMost(ref first, sequence ?? throw new IOException($"The state of '{place}' was refused."));
            }).ConfigureAwait(false);
        return chunks == 0 ? 0 : first;
    }

    private static void AtMost(ref long place, long value)
    {
        long there;
        while (value < (there = Interlocked.Read(ref place)))
            Interlocked.CompareExchange(ref place, value, there);
    }

    /// <summary>Reads what is there of a state.</summary>
    private async ValueTask<(ReadOnlyMemory<byte> State, int Chunks)> ReadStateAsync(
        string place, CheckpointHead head, CancellationToken cancellationToken)
    {
        if (head.Chunks == 0)
            return default;
        var state = GC.AllocateUninitializedArray<byte>(head.Length);
        var chunks = 0;
        await Parallel.ForAsync(
            0,
            head.Chunks,
            new ParallelOptions { MaxDegreeOfParallelism = ChunksAtOnce, CancellationToken = cancellationToken },
            async (chunk, token) =>
            {
                var start = chunk * head.ChunkBytes;
                var found = await _link.ReadLastAsync(
                    _stream,
                    string.Create(CultureInfo.InvariantCulture, $"{place}.state.{head.Id}.{chunk}"),
                    $"Reading the state of '{place}'",
                    token).ConfigureAwait(false);
                if (found is not { } message
                    || message.Body.Length != Math.Min(head.ChunkBytes, head.Length - start))
                {
                    return;
                }

                message.Body.CopyTo(state.AsMemory(start));
                Interlocked.Increment(ref chunks);
            }).ConfigureAwait(false);
        return (state, chunks);
    }

    /// <summary>What cannot be deleted now is deleted after the next write.</summary>
    private async ValueTask DeleteAsync(string subject, long? before, CancellationToken cancellationToken)
    {
        try
        {
            await _link.DeleteAsync(_stream, subject, before, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The checkpoint is written, or refused: that is what counts.
        }
    }
}
