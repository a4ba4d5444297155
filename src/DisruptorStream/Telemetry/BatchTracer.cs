using System.Diagnostics;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Telemetry;

/// <summary>Starts an activity for one batch of a number, where somebody listens.</summary>
/// <remarks>One thread owns each instance. Without a listener, a call costs one look at whether there is one.</remarks>
internal sealed class BatchTracer
{
    public const string SourceName = "DisruptorStream";

    /// <summary>A batch of slots goes through the first stage, or through all that its thread runs.</summary>
    public const string Handle = "disruptorstream.handle";

    /// <summary>A batch of results goes to the sinks.</summary>
    public const string Deliver = "disruptorstream.deliver";

    private static readonly Lock Gate = new();
    private static ActivitySource? _source;

    private readonly string _operation;
    private readonly string _processor;
    private readonly int _stride;
    private readonly HostFailures _failures;
    private int _untilNext;

    /// <param name="operation">The name of the activities.</param>
    /// <param name="processor">The name of the processor.</param>
    /// <param name="stride">One batch of this many is traced, the first of them included.</param>
    /// <param name="failures">Counts what listeners throw.</param>
    public BatchTracer(string operation, string processor, int stride, HostFailures failures)
    {
        _failures = failures;
        _operation = operation;
        _processor = processor;
        _stride = stride;
        lock (Gate)
            _source ??= NewSource(failures);
    }

    /// <summary>Whether somebody listens to activities.</summary>
    // Pairs with the lock in the constructor, which has run.
    public static bool IsListenedTo => _source is { } source && source.HasListeners();

    /// <summary>
    /// Makes the source of the activities; null where a listener threw when it was told, and the next one tries again.
    /// </summary>
    public static ActivitySource? NewSource(HostFailures failures)
    {
        try
        {
            return new ActivitySource(SourceName, typeof(BatchTracer).Assembly.GetName().Version?.ToString(3));
        }
        catch (Exception)
        {
            failures.Note();
            return null;
        }
    }

    /// <summary>
    /// Starts an activity, to be disposed at the end of the batch; an empty one for a batch that is not traced.
    /// </summary>
    /// <param name="firstSequence">The first slot that the batch is about.</param>
    /// <param name="lastSequence">The last slot that the batch is about.</param>
    /// <param name="count">How much is in the batch.</param>
    public TracedBatch Start(long firstSequence, long lastSequence, long count)
    {
        // Pairs with the lock in the constructor, which has run.
        if (_source is not { } source || !source.HasListeners())
            return default;
        if (_untilNext > 0)
        {
            _untilNext--;
            return default;
        }

        _untilNext = _stride - 1;
        return Start(source, firstSequence, lastSequence, count);
    }

    private TracedBatch Start(ActivitySource source, long firstSequence, long lastSequence, long count)
    {
        var before = Activity.Current;
        try
        {
            if (source.StartActivity(_operation) is not { } activity)
                return default;
            activity.SetTag("disruptorstream.processor", _processor);
            activity.SetTag("disruptorstream.sequence.first", firstSequence);
            activity.SetTag("disruptorstream.sequence.last", lastSequence);
            activity.SetTag("disruptorstream.batch.size", count);
            return new TracedBatch(activity, before, _failures);
        }
        catch (Exception)
        {
            TracedBatch.Restore(before, _failures);
            return default;
        }
    }
}
