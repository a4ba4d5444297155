using DisruptorStream.Emission;
using DisruptorStream.Hosting.Results;
using DisruptorStream.Reporting.Answers;

namespace DisruptorStream.Hosting;

/// <summary>A processor or a stream, with those who read its results for the host.</summary>
internal sealed class HostedEngine : HostedProcessor, IDisposable
{
    private readonly EventProcessor _processor;
    private readonly IReadOnlyList<HostedResults> _results;
    private readonly CancellationTokenSource _readerTimeout = new();
    private Task _reading = Task.CompletedTask;

    /// <param name="name">Its name among the host's processors.</param>
    /// <param name="processor">The processor or stream.</param>
    /// <param name="results">Its results, of each query.</param>
    public HostedEngine(string name, EventProcessor processor, IReadOnlyList<HostedResults> results)
        : base(name)
    {
        _processor = processor;
        _results = results;
    }

    public override Task Completion => _processor.Completion;

    internal override Task ReaderCompletion => _reading;

    public override ProcessorStats GetStats() => _processor.GetStats();

    public override NoResultAnswer WhyNoResult() => _processor.WhyNoResult();

    public void Dispose() => _readerTimeout.Dispose();

    internal override void Start(Action<string> tellUnread)
    {
        foreach (var results in _results)
            results.Expect(tellUnread);
        _processor.Start();
        foreach (var results in _results)
            results.Begin(_readerTimeout.Token);
        _reading = ReadAllAsync();
    }

    internal override async Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        try
        {
            await DrainAsync(mode, cancellationToken).ConfigureAwait(false);
            await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            foreach (var results in _results)
                results.ThrowUnlessRead();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What the reader has registered with its token may throw: that is no reason to stop otherwise.
            await _readerTimeout.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    internal override Task AbortAsync() => _processor.StopAsync(StopMode.Abort, CancellationToken.None);

    private bool IsAnyReading
    {
        get
        {
            foreach (var results in _results)
            {
                if (!results.Reading.IsCompleted)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Fails with the first reader that fails, whatever the others do.</summary>
    private async Task ReadAllAsync()
    {
        var left = new List<Task>();
        foreach (var results in _results)
            left.Add(results.Reading);
        while (left.Count > 0)
        {
            var ended = await Task.WhenAny(left).ConfigureAwait(false);
            left.Remove(ended);
            await ended.ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The limit of the drain is the host's time-out: what holds the engine for longer than the engine itself would
    /// wait, such as one long call of a sink, may still come to an end within that.
    /// </summary>
    private async Task DrainAsync(StopMode mode, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // What has ended by itself has nothing that a token could end.
                await (_processor.Completion.IsCompleted
                    ? _processor.Completion
                    : _processor.StopAsync(mode, cancellationToken)).ConfigureAwait(false);
                return;
            }
            catch (Exception held) when (held is EngineHeldException
                || (held is ResultBufferFullException && IsAnyReading))
            {
                // A stop may be made again, and goes on with the one before.
            }
        }
    }
}
