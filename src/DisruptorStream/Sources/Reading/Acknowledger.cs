using System.Threading.Channels;

namespace DisruptorStream.Sources.Reading;

/// <summary>Tells an open reader, in their order, which events are durable, while it is read on.</summary>
internal sealed class Acknowledger<TEvent> : IAsyncDisposable
{
    private readonly Channel<(int Count, Task Durable)> _waiting;
    private readonly Action<long> _onAcknowledged;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    /// <param name="reader">What is told.</param>
    /// <param name="capacity">How many reads may wait.</param>
    /// <param name="onAcknowledged">Gets how many events each call was for.</param>
    public Acknowledger(IAcknowledgedReader<TEvent> reader, int capacity, Action<long> onAcknowledged)
    {
        Reader = reader;
        _onAcknowledged = onAcknowledged;
        _waiting = Channel.CreateBounded<(int, Task)>(capacity);
        _running = Task.Run(RunAsync);
    }

    /// <summary>What is read.</summary>
    public IAcknowledgedReader<TEvent> Reader { get; }

    /// <summary>Events were published; waits where too many are not durable yet.</summary>
    /// <exception cref="Exception">What telling the source threw.</exception>
    public async ValueTask AddAsync(int count, Task durable, CancellationToken cancellationToken)
    {
        if (_running.IsCompleted)
            await _running.ConfigureAwait(false);
        if (count == 0)
            return;
        try
        {
            await _waiting.Writer.WriteAsync((count, durable), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            await _running.ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until all is told.</summary>
    /// <exception cref="Exception">What telling the source threw.</exception>
    public Task CompleteAsync()
    {
        _waiting.Writer.TryComplete();
        return _running;
    }

    /// <summary>As <see cref="CompleteAsync"/>, and throws nothing.</summary>
    public async ValueTask TryCompleteAsync() =>
        await CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _end.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        await Reader.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            var told = 0L;
            await foreach (var (count, durable) in _waiting.Reader.ReadAllAsync(_end.Token).ConfigureAwait(false))
            {
                await durable.WaitAsync(_end.Token).ConfigureAwait(false);
                told += count;
                await Reader.AcknowledgeAsync(told, _end.Token).ConfigureAwait(false);
                _onAcknowledged(count);
            }
        }
        catch (Exception failure)
        {
            // Who adds meanwhile is not to wait.
            _waiting.Writer.TryComplete(failure);
            throw;
        }
    }
}
