namespace DisruptorStream.Aggregation;

/// <summary>How many measures an event may have.</summary>
internal static class MeasureLimit
{
    public const int Count = 16;
}
