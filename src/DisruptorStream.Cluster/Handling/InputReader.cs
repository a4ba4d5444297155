using System.Globalization;
using System.Threading.Channels;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Owning;

namespace DisruptorStream.Cluster.Handling;

/// <summary>Reads one input of a partition ahead, on a task of its own.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>A log that cannot be read is tried again, behind the last record that came.</remarks>
internal sealed class InputReader<TEvent> : IAsyncDisposable
{
    // Each has up to the most bytes of a record.
    private const int RecordsAhead = 16;

    // Far longer than a server takes to show what it has.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);

    private readonly PartitionInput<TEvent> _input;
    private readonly LogRetry _retry;
    private readonly Action _onRecord;
    private readonly Channel<InputRecord<TEvent>> _records;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _task;
    private readonly string _what;
    private long _readTo;

    /// <param name="input">What is read.</param>
    /// <param name="after">The position behind which it begins.</param>
    /// <param name="retry">Tries again.</param>
    /// <param name="onRecord">Called when there is a record, or the end. Any thread.</param>
    public InputReader(PartitionInput<TEvent> input, long after, LogRetry retry, Action onRecord)
    {
        (_input, _retry, _onRecord, _readTo, Position) = (input, retry, onRecord, after, after);
        _what = $"reading {Name}";
        _records = Channel.CreateBounded<InputRecord<TEvent>>(
            new BoundedChannelOptions(RecordsAhead) { SingleReader = true, SingleWriter = true });
        _task = Task.Run(RunAsync);
    }

    /// <summary>The input's name: that of its log.</summary>
    public string Name => _input.Log.Name;

    /// <summary>The position of the last record that was taken. Any thread reads it.</summary>
    public long Position { get; private set; }

    /// <summary>Whether a record is there.</summary>
    public bool HasMore => _records.Reader.TryPeek(out _);

    /// <summary>Takes the next record, if it is there.</summary>
    /// <exception cref="Exception">The log can no longer be read.</exception>
    public bool TryTake(out InputRecord<TEvent> record)
    {
        if (_records.Reader.TryRead(out record!))
        {
            Position = record.Position;
            return true;
        }

        if (_records.Reader.Completion.IsFaulted)
            _records.Reader.Completion.GetAwaiter().GetResult();
        return false;
    }

    /// <summary>Takes the next record; waits for it.</summary>
    /// <param name="known">The position of a record that was there before: this one or a later one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LogTruncatedException">The log ends before the known record: it was set back.</exception>
    /// <exception cref="Exception">The log can no longer be read.</exception>
    public async ValueTask<InputRecord<TEvent>> TakeAsync(long known, CancellationToken cancellationToken)
    {
        InputRecord<TEvent> record;
        Task<bool>? more = null;
        while (!TryTake(out record))
        {
            more ??= _records.Reader.WaitToReadAsync(cancellationToken).AsTask();
            if (await _retry.EndsWithinAsync(more, LongWait, cancellationToken).ConfigureAwait(false))
            {
                ObjectDisposedException.ThrowIf(!await more.ConfigureAwait(false), this);
                more = null;
                continue;
            }

            var last = await _retry
                .RunAsync($"reading the end of {Name}", _input.Log.ReadLastAsync, cancellationToken)
                .ConfigureAwait(false);
            if ((last?.Position ?? 0) < known)
            {
                throw new LogTruncatedException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The log {Name} ends at {last?.Position ?? 0}, and results were made of its record at {known}: it "
                    + $"was set back."));
            }
        }

        return record;
    }

    /// <summary>Ends the task; the log is closed by who opened it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _task.ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await _retry.FollowAsync(_what, ReadAsync, _end.Token).ConfigureAwait(false);
            _records.Writer.TryComplete();
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            _records.Writer.TryComplete();
        }
        catch (Exception exception)
        {
            _records.Writer.TryComplete(exception);
        }

        _onRecord();
    }

    private async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in _input.Log.ReadAsync(_readTo, follow: true, cancellationToken)
            .ConfigureAwait(false))
        {
            if (entry.Position <= _readTo)
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The log {Name} gave position {entry.Position} behind {_readTo}; positions must grow."));
            }

            await _records.Writer.WriteAsync(_input.Read(entry), cancellationToken).ConfigureAwait(false);
            _readTo = entry.Position;
            _retry.NoteSuccess(_what);
            _onRecord();
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new InvalidOperationException($"The log {Name} ended while it was followed.");
    }
}
