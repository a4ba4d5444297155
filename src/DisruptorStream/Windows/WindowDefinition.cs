namespace DisruptorStream.Windows;

/// <summary>The windows of a processor, as validated numbers. Unused members are 0.</summary>
internal sealed record WindowDefinition(
    WindowKind Kind, long SizeTicks, long SlideTicks, long GapTicks, long OffsetTicks);
