using System.Globalization;
using DisruptorStream.Emission;

namespace DisruptorStream.Testing.Sinks;

/// <summary>
/// Throws at some calls and hands the others on: for what a pipeline does when a sink fails.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Any thread may read the counts. A retry is a call like any other.</remarks>
public sealed class FailingSink<TKey> : IResultSink<TKey>
{
    private readonly int _failures;
    private readonly int _after;
    private readonly IResultSink<TKey>? _inner;
    private readonly Func<int, Exception> _exception;
    private int _attempts;
    private int _failed;

    /// <param name="failures">How many calls fail, one after the other: zero or more. Default all.</param>
    /// <param name="after">How many calls succeed before them: zero or more. Default none.</param>
    /// <param name="inner">Gets the batches of the calls that succeed; null for nobody.</param>
    /// <param name="exception">
    /// Makes what is thrown, from the number of the call, from 1. Null for an <see cref="IOException"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public FailingSink(
        int failures = int.MaxValue,
        int after = 0,
        IResultSink<TKey>? inner = null,
        Func<int, Exception>? exception = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        _failures = failures;
        _after = after;
        _inner = inner;
        _exception = exception ?? AsIfBroken;
    }

    /// <summary>How often it was called, the calls that failed included.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>How many calls failed.</summary>
    public int Failures => Volatile.Read(ref _failed);

    /// <inheritdoc/>
    public void OnResults(ResultBatch<TKey> batch)
    {
        var attempt = Interlocked.Increment(ref _attempts);
        if (attempt > _after && attempt - _after <= _failures)
        {
            Interlocked.Increment(ref _failed);
            throw _exception(attempt) ?? new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"What makes the exceptions of the failing sink returned null for call {attempt}; return one."));
        }

        _inner?.OnResults(batch);
    }

    /// <inheritdoc/>
    public void OnStart(in SinkContext context) => _inner?.OnStart(context);

    /// <inheritdoc/>
    public void OnProgress(in SinkProgress progress) => _inner?.OnProgress(progress);

    /// <inheritdoc/>
    public void OnFlush() => _inner?.OnFlush();

    /// <inheritdoc/>
    public void OnComplete(Exception? failure) => _inner?.OnComplete(failure);

    private static IOException AsIfBroken(int attempt) => new(string.Create(
        CultureInfo.InvariantCulture, $"The sink was told to fail at call {attempt}."));
}
