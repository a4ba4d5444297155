namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>What is done to a stream, and to each of the processors that stand for its queries.</summary>
internal abstract record RandomStep
{
    /// <summary>An event of a source.</summary>
    internal sealed record Publish(int Source, Reading Event) : RandomStep;

    /// <summary>A watermark of a source.</summary>
    internal sealed record Watermark(int Source, long Ticks) : RandomStep;

    /// <summary>A source is idle.</summary>
    internal sealed record Idle(int Source) : RandomStep;

    /// <summary>A source is active again.</summary>
    internal sealed record Active(int Source) : RandomStep;

    /// <summary>A source goes away.</summary>
    internal sealed record Remove(int Source) : RandomStep;

    /// <summary>The clock moves on.</summary>
    internal sealed record Clock(long Ticks) : RandomStep;
}
