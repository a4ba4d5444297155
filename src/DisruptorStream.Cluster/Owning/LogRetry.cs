using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Owning;

/// <summary>Tries calls of a log or a store again until they succeed, and keeps what went wrong last.</summary>
/// <remarks>
/// Waits 20 ms after the first failure, twice as long after each further one, up to 1 s. Any thread.
/// </remarks>
internal sealed class LogRetry
{
    private const int FirstWaitMilliseconds = 20;
    private const int MostWaitMilliseconds = 1000;

    private readonly TimeProvider _time;
    private readonly Action<string, Exception> _onFailure;
    private volatile Exception? _failure;

    /// <param name="time">Measures the waits.</param>
    /// <param name="onFailure">Told of the first failure of a row. Any thread.</param>
    public LogRetry(TimeProvider time, Action<string, Exception> onFailure) => (_time, _onFailure) = (time, onFailure);

    /// <summary>What went wrong last, and has not gone well since; null for nothing.</summary>
    public Exception? Failure => _failure;

    /// <summary>Whether a failure says that it is no use to try again.</summary>
    public static bool IsFinal(Exception failure, CancellationToken cancellationToken) =>
        failure is StreamProcessorException or InvalidDataException or ArgumentException
        || (failure is OperationCanceledException && cancellationToken.IsCancellationRequested);

    /// <summary>Whether something ends within a time.</summary>
    public async ValueTask<bool> EndsWithinAsync(Task task, TimeSpan most, CancellationToken cancellationToken)
    {
        await Task.WhenAny(task, Task.Delay(most, _time, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }

    /// <summary>A call went well.</summary>
    public void NoteSuccess() => _failure = null;

    /// <summary>Calls until it goes well.</summary>
    /// <param name="what">What is done, for the log.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PartitionFencedException">The call was refused, which is final.</exception>
    public async ValueTask<T> RunAsync<T>(
        string what, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                var result = await call(cancellationToken).ConfigureAwait(false);
                NoteSuccess();
                return result;
            }
            catch (Exception exception) when (!IsFinal(exception, cancellationToken))
            {
                // What went well in between, such as records that came, begins a row anew.
                if (_failure is null)
                    failures = 0;
                await WaitAsync(what, exception, failures, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Notes a failure, and waits before the next call.</summary>
    /// <param name="what">What was done.</param>
    /// <param name="failure">What it threw.</param>
    /// <param name="failures">How many there were before in a row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask WaitAsync(string what, Exception failure, int failures, CancellationToken cancellationToken)
    {
        _failure = failure;
        if (failures == 0)
            _onFailure(what, failure);
        var wait = Math.Min(MostWaitMilliseconds, FirstWaitMilliseconds << Math.Min(failures, 10));
        await Task.Delay(TimeSpan.FromMilliseconds(wait), _time, cancellationToken).ConfigureAwait(false);
    }
}
