using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Windows;

namespace DisruptorStream.Ingest.Claims;

/// <summary>What an event is refused for: its time first, then its measures. All ways of publishing ask here.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class EventJudge
{
    private readonly ProcessingClock _clock;
    private readonly bool _processingTime;
    private readonly long _firstTicks;
    private readonly long _lastTicks;
    private readonly long _skewTicks;

    /// <param name="clock">The host's clock.</param>
    /// <param name="rules">What is refused.</param>
    public EventJudge(ProcessingClock clock, PublishRules rules)
    {
        _clock = clock;
        _processingTime = rules.ProcessingTime;
        _firstTicks = rules.FirstTicks;
        _lastTicks = rules.LastTicks;
        _skewTicks = rules.FutureSkewTicks ?? long.MaxValue;
        RejectsNonFinite = rules.NonFinite == NonFinitePolicy.RejectEvent;
    }

    /// <summary>The first time that an event may have.</summary>
    public long FirstTicks => _firstTicks;

    /// <summary>Whether events with a measure that is no number are refused.</summary>
    public bool RejectsNonFinite { get; }

    /// <summary>
    /// How many times from the first possible one on need no closer look; 0 where all do. Asked for inside a claim, and
    /// good for it.
    /// </summary>
    public ulong CountPlainTimes()
    {
        if (_processingTime)
            return 0;
        var last = _lastTicks;
        if (_skewTicks != long.MaxValue)
            last = Math.Min(last, TickMath.SaturatingAdd(_clock.RecentTicks, _skewTicks));
        return last < _firstTicks ? 0 : (ulong)(last - _firstTicks) + 1;
    }

    /// <summary>Judges a time, which the clock sets where windows go by it.</summary>
    public DropReason JudgeTime(ref long ticks)
    {
        if (_processingTime)
        {
            ticks = _clock.Read();
            return DropReason.None;
        }

        if (ticks < _firstTicks || ticks > _lastTicks)
            return DropReason.TimestampOutOfRange;
        return _skewTicks != long.MaxValue
            && ticks > TickMath.SaturatingAdd(_clock.RecentTicks, _skewTicks)
            && ticks > TickMath.SaturatingAdd(_clock.Read(), _skewTicks)
                ? DropReason.FutureSkew
                : DropReason.None;
    }

    /// <summary>
    /// Makes minus zero zero, and leaves every other finite value as it is. Returns whether it is a number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryNormalize(ref long bits)
    {
        if (PlainEvents.IsNotFinite(bits))
            return false;
        bits = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(bits) + 0.0);
        return true;
    }
}
