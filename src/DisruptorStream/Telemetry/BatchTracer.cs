using System.Diagnostics;

namespace DisruptorStream.Telemetry;

/// <summary>Starts an activity for one batch in so many, where somebody listens.</summary>
/// <remarks>One thread owns each instance. Without a listener, a call costs one look at whether there is one.</remarks>
internal sealed class BatchTracer
{
    public const string SourceName = "DisruptorStream";

    /// <summary>A batch of slots goes through the first stage, or through all that its thread runs.</summary>
    public const string Handle = "disruptorstream.handle";

    /// <summary>A batch of results goes to the sinks.</summary>
    public const string Deliver = "disruptorstream.deliver";

    private static readonly ActivitySource Source = new(
        SourceName, typeof(BatchTracer).Assembly.GetName().Version?.ToString(3));

    private readonly string _operation;
    private readonly string _processor;
    private readonly int _stride;
    private int _untilNext;

    /// <param name="operation">The name of the activities.</param>
    /// <param name="processor">The name of the processor.</param>
    /// <param name="stride">One batch in so many is traced, the first of them included.</param>
    public BatchTracer(string operation, string processor, int stride)
    {
        _operation = operation;
        _processor = processor;
        _stride = stride;
    }

    /// <summary>
    /// Starts an activity, to be disposed at the end of the batch; null for a batch that is not traced.
    /// </summary>
    /// <param name="firstSequence">The first slot that the batch is about.</param>
    /// <param name="lastSequence">The last slot that the batch is about.</param>
    /// <param name="count">How much is in the batch.</param>
    public Activity? Start(long firstSequence, long lastSequence, long count)
    {
        if (!Source.HasListeners())
            return null;
        if (_untilNext > 0)
        {
            _untilNext--;
            return null;
        }

        _untilNext = _stride - 1;
        var activity = Source.StartActivity(_operation);
        activity?.SetTag("disruptorstream.processor", _processor);
        activity?.SetTag("disruptorstream.sequence.first", firstSequence);
        activity?.SetTag("disruptorstream.sequence.last", lastSequence);
        activity?.SetTag("disruptorstream.batch.size", count);
        return activity;
    }
}
