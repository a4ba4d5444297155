namespace DisruptorStream.Cli.Files;

/// <summary>Stops a job when the program that reads one of its outputs has ended, though nothing is written.</summary>
internal sealed class ReaderWatch : IDisposable
{
    private const int WaitMilliseconds = 100;

    private readonly CancellationTokenSource _stop;
    private volatile bool _isDisposed;
    private volatile bool _isReaderGone;

    /// <param name="outputs">The outputs; those that are no pipes have no reader.</param>
    /// <param name="cancellationToken">Stops the job as well.</param>
    public ReaderWatch(IEnumerable<OutputStream?> outputs, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var output in outputs)
        {
            if (output?.PipeDescriptor is { } descriptor)
                new Thread(() => Watch(descriptor)) { IsBackground = true, Name = "dstream-reader-watch" }.Start();
        }
    }

    /// <summary>Runs a job, which is cancelled when a reader goes.</summary>
    /// <exception cref="OutputException">A reader has gone.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> job)
    {
        try
        {
            return await job(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_isReaderGone)
        {
            throw OutputException.ReaderGone();
        }
    }

    public void Dispose()
    {
        lock (_stop)
        {
            _isDisposed = true;
            _stop.Dispose();
        }
    }

    private void Watch(int descriptor)
    {
        while (!_isDisposed)
        {
            if (UnixPipe.IsReaderGone(descriptor))
            {
                Stop();
                return;
            }

            Thread.Sleep(WaitMilliseconds);
        }
    }

    /// <summary>Not once this is disposed: the descriptor may be another's then.</summary>
    private void Stop()
    {
        lock (_stop)
        {
            if (_isDisposed)
                return;
            _isReaderGone = true;
            _ = _stop.CancelAsync();
        }
    }
}
