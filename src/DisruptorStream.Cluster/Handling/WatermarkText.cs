using DisruptorStream.Events;

namespace DisruptorStream.Cluster.Handling;

/// <summary>A watermark as text for people.</summary>
internal static class WatermarkText
{
    /// <param name="ticks">Since 1970; null for none yet.</param>
    public static string Of(long? ticks) => ticks switch
    {
        null => "none yet",
        long.MaxValue => "the end of input",
        { } known => EventTime.ToText(known),
    };
}
