using System.Collections.Concurrent;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Owning;

/// <summary>Tries calls of a log or a store again until they succeed, and keeps what went wrong last.</summary>
/// <remarks>
/// Waits 20 ms after the first failure, twice as long after each further one, up to 1 s. Any thread; calls that do
/// different things do not count as one another's success.
/// </remarks>
internal sealed class LogRetry
{
    private const int FirstWaitMilliseconds = 20;
    private const int MostWaitMilliseconds = 1000;

    // A log that has been followed for as long goes well, though nothing came.
    private static readonly TimeSpan CalmTime = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly Action<string, Exception> _onFailure;
    private readonly ConcurrentDictionary<string, Trouble> _troubles = new(StringComparer.Ordinal);

    /// <param name="time">Measures the waits.</param>
    /// <param name="onFailure">Told of the first failure of a row. Any thread.</param>
    public LogRetry(TimeProvider time, Action<string, Exception> onFailure) => (_time, _onFailure) = (time, onFailure);

    /// <summary>What went wrong last, and has not gone well since; null for nothing.</summary>
    public Exception? Failure
    {
        get
        {
            foreach (var (_, trouble) in _troubles)
            {
                if (!IsOver(trouble))
                    return trouble.Failure;
            }

            return null;
        }
    }

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
    /// <param name="what">What was done.</param>
    public void NoteSuccess(string what)
    {
        if (!_troubles.IsEmpty)
            _troubles.TryRemove(what, out _);
    }

    /// <summary>Calls until it goes well.</summary>
    /// <param name="what">What is done, for the log.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PartitionFencedException">The call was refused, which is final.</exception>
    public ValueTask<T> RunAsync<T>(
        string what, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        RunAsync(what, follows: false, call, cancellationToken);

    /// <summary>Calls again and again what goes on until the token ends it.</summary>
    /// <inheritdoc cref="RunAsync{T}(string, Func{CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public ValueTask<T> FollowAsync<T>(
        string what, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        RunAsync(what, follows: true, call, cancellationToken);

    /// <summary>Notes a failure, and waits before the next call.</summary>
    /// <param name="what">What was done.</param>
    /// <param name="failure">What it threw.</param>
    /// <param name="failures">How many there were before in a row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask WaitAsync(string what, Exception failure, int failures, CancellationToken cancellationToken) =>
        WaitAsync(what, follows: false, failure, failures, cancellationToken);

    private async ValueTask<T> RunAsync<T>(
        string what, bool follows, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                var result = await call(cancellationToken).ConfigureAwait(false);
                NoteSuccess(what);
                return result;
            }
            catch (Exception exception) when (!IsFinal(exception, cancellationToken))
            {
                // What went well in between, such as records that came, begins a row anew.
                if (!_troubles.TryGetValue(what, out var trouble) || IsOver(trouble))
                    failures = 0;
                await WaitAsync(what, follows, exception, failures, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask WaitAsync(
        string what, bool follows, Exception failure, int failures, CancellationToken cancellationToken)
    {
        _troubles[what] = new Trouble(failure, follows, _time.GetTimestamp());
        if (failures == 0)
            _onFailure(what, failure);
        var wait = Math.Min(MostWaitMilliseconds, FirstWaitMilliseconds << Math.Min(failures, 10));
        await Task.Delay(TimeSpan.FromMilliseconds(wait), _time, cancellationToken).ConfigureAwait(false);
    }

    private bool IsOver(Trouble trouble) => trouble.Follows && _time.GetElapsedTime(trouble.At) > CalmTime;

    private sealed record Trouble(Exception Failure, bool Follows, long At);
}
