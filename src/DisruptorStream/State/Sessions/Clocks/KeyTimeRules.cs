namespace DisruptorStream.State.Sessions.Clocks;

/// <summary>How the time of each key goes on by itself.</summary>
/// <param name="MaxOutOfOrdernessTicks">How far a key's watermark stays behind its largest timestamp.</param>
/// <param name="CloseAfterTicks">
/// How long, by the quiet clock, a key must not have had an event before its time goes on with that clock; -1 for
/// never.
/// </param>
internal sealed record KeyTimeRules(long MaxOutOfOrdernessTicks, long CloseAfterTicks)
{
    /// <summary>The watermark of a key whose largest timestamp this is; long.MinValue for none.</summary>
    public long WatermarkAt(long timestamp) =>
        timestamp < long.MinValue + MaxOutOfOrdernessTicks ? long.MinValue : timestamp - MaxOutOfOrdernessTicks;
}
