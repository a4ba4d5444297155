using System.Buffers;
using System.Globalization;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Owning;

namespace DisruptorStream.Cluster.Writing;

/// <summary>
/// The way of the events of one writer to one partition: one record is filled while another is appended.
/// </summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>Any thread.</remarks>
internal sealed class PartitionLane<TEvent> : IAsyncDisposable
{
    private readonly PartitionOptions<TEvent> _topic;
    private readonly int _partition;
    private readonly PartitionWriterOptions _options;
    private readonly string _writer;
    private readonly LogRetry _retry;
    private readonly CancellationToken _end;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ArrayBufferWriter<byte> _one = new();
    private IPartitionLog? _log;
    private ArrayBufferWriter<byte> _body = new();
    private int _count;
    private long _records;
    private Task _append = Task.CompletedTask;
    private Task? _delay;

    /// <param name="topic">Where the events go.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="options">How they are gathered.</param>
    /// <param name="writer">Names the writer.</param>
    /// <param name="retry">Tries again.</param>
    /// <param name="end">The writer was disposed.</param>
    public PartitionLane(
        PartitionOptions<TEvent> topic,
        int partition,
        PartitionWriterOptions options,
        string writer,
        LogRetry retry,
        CancellationToken end)
    {
        (_topic, _partition, _options, _writer, _retry, _end) = (topic, partition, options, writer, retry, end);
    }

    public async ValueTask WriteAsync(TEvent one, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_end.IsCancellationRequested, typeof(PartitionWriter<TEvent>));

            // What the log has refused for good is lost: nothing is written behind the gap.
            if (_append.IsFaulted)
                await _append.ConfigureAwait(false);
            _one.ResetWrittenCount();
            _topic.Format.Write(one, _one);

            // Before the event is in: a wait that is ended leaves it out.
            if (_count > 0 && _body.WrittenCount + _one.WrittenCount > _options.MaxRecordBytes)
            {
                await _append.WaitAsync(cancellationToken).ConfigureAwait(false);
                BeginAppend(null);
            }

            _body.Write(_one.WrittenSpan);
            _count++;
            if (_append.IsCompleted && _options.MaxDelay == TimeSpan.Zero)
                BeginAppend(null);
            else
                _delay ??= AppendLaterAsync();
        }
        catch (OperationCanceledException exception) when (
            _end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException("The writer was disposed; the event is not written.", exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Completes when all that was written before is in the log.</summary>
    public Task FlushAsync() => AppendAllAsync(ends: false);

    /// <summary>As <see cref="FlushAsync"/>, with the end of the input behind it.</summary>
    public Task CompleteAsync() => AppendAllAsync(ends: true);

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        var (append, delay) = (_append, _delay);
        _gate.Release();
        await append.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (delay is not null)
            await delay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_log is { } log)
            await log.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AppendAllAsync(bool ends)
    {
        await _gate.WaitAsync(_end).ConfigureAwait(false);
        try
        {
            await _append.ConfigureAwait(false);
            if (_count > 0)
                BeginAppend(null);
            await _append.ConfigureAwait(false);
            if (!ends)
                return;
            BeginAppend(long.MaxValue);
            await _append.ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Appends what there is after the delay. Whoever comes first appends; the other finds nothing.</summary>
    private async Task AppendLaterAsync()
    {
        await Task.Delay(_options.MaxDelay, _topic.TimeProvider, _end).ConfigureAwait(false);
        await _gate.WaitAsync(_end).ConfigureAwait(false);
        try
        {
            _delay = null;
            await _append.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Who writes or flushes is told of one that was refused.
            if (_count > 0 && _append.IsCompletedSuccessfully)
                BeginAppend(null);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Begins to append what is gathered. Within the gate, and when the record before is in the log.</summary>
    private void BeginAppend(long? watermark)
    {
        List<KeyValuePair<string, string>> headers =
        [
            new(PartitionHeaders.Writer, _writer),
            new(PartitionHeaders.Count, _count.ToString(CultureInfo.InvariantCulture)),
        ];
        if (watermark is { } ticks)
            headers.Add(new(PartitionHeaders.Watermark, ticks.ToString(CultureInfo.InvariantCulture)));
        var body = _body.WrittenMemory;
        (_body, _count) = (new ArrayBufferWriter<byte>(Math.Max(256, _body.WrittenCount)), 0);
        var id = string.Create(CultureInfo.InvariantCulture, $"{_writer}-{_partition}-{++_records}");
        _append = AppendAsync(new LogRecord(body, headers), id);
    }

    private async Task AppendAsync(LogRecord record, string id)
    {
        await _retry.RunAsync(
            $"appending to {_topic.InputTopic}/{_partition}",
            async token =>
            {
                _log ??= await PromptLog.OpenAsync(_topic.Logs, _topic.InputTopic, _partition, token)
                    .ConfigureAwait(false);
                return await _log.AppendAsync(record, id, token).ConfigureAwait(false);
            },
            _end).ConfigureAwait(false);
    }
}
