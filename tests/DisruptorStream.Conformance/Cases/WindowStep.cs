namespace DisruptorStream.Conformance.Cases;

/// <summary>What happens in one step of a window vector.</summary>
internal abstract record WindowStep
{
    internal sealed record Event(string Key, long Time, long Value) : WindowStep;

    internal sealed record Watermark(long Time) : WindowStep;

    internal sealed record Clock(long Time) : WindowStep;

    internal sealed record EndOfInput : WindowStep;
}
