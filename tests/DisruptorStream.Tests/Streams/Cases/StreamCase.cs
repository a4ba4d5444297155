using DisruptorStream.Events;
using DisruptorStream.Tests.Streams.Cases.Queries;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>A random stream: its queries, and what is done to it.</summary>
internal sealed record StreamCase
{
    public const int Sources = 3;

    /// <summary>How far ahead of the clock a time may lie: what is refused lies much further.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromDays(300);

    public required QueryShape[] Queries { get; init; }

    public required RandomStep[] Steps { get; init; }

    public required bool ProcessingTime { get; init; }

    public required long? Bound { get; init; }

    public required long? IdleTimeout { get; init; }

    public required NonFinitePolicy NonFinite { get; init; }

    public required int MaxKeys { get; init; }

    public required int? SpareWindows { get; init; }

    public required WindowOverflowPolicy Overflow { get; init; }

    public required bool Ends { get; init; }

    public StreamProcessorOptions Options(ExecutionMode mode)
    {
        var options = Processors.Options(mode) with { RingCapacity = 64, WindowOverflow = Overflow };
        if (SpareWindows is not { } spare)
            return options;
        return options with { MaxWindowsPerKey = Queries.Max(query => query.MostWindows) + spare };
    }

    public WatermarkOptions Watermarks => new()
    {
        MaxOutOfOrderness = Bound is { } bound ? TimeSpan.FromTicks(bound) : null,
        IdleTimeout = IdleTimeout is { } timeout ? TimeSpan.FromTicks(timeout) : null,
    };
}
