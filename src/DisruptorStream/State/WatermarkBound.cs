using System.Runtime.CompilerServices;

namespace DisruptorStream.State;

/// <summary>The watermark as a function of the largest time, for a loop that keeps it in registers.</summary>
/// <remarks>
/// Never below that of <see cref="RunClock"/>, and above it only at the ends of time and before the first event of a
/// run: what lies above the bound has not been passed.
/// </remarks>
internal readonly struct WatermarkBound
{
    // Some 7,000 years: far from there a difference does not overflow, and where it does the bound is too high.
    private const long MostTicks = 1L << 61;

    private readonly long _least;
    private readonly long _cap;
    private readonly long _outOfOrdernessTicks;

    public WatermarkBound(long least, long cap, long outOfOrdernessTicks, long endMaxTicks)
    {
        _least = least;
        _cap = cap;
        _outOfOrdernessTicks = Math.Min(outOfOrdernessTicks, MostTicks);
        AtEndTicks = Of(endMaxTicks);
    }

    /// <summary>The watermark after the run.</summary>
    public long AtEndTicks { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Of(long maxTicks) => Math.Max(_least, Math.Min(_cap, maxTicks - _outOfOrdernessTicks));
}
