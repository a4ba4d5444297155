using DisruptorStream.Saving;

namespace DisruptorStream.Watermarks;

/// <summary>Takes event time on with the quiet clock while no source sends anything.</summary>
/// <remarks>
/// The quiet clock is the clock less the time that publishers have waited for room. Only its steps from tick to tick
/// are known, and where it begins does not matter.
/// </remarks>
internal struct QuietAdvance
{
    private readonly long _afterTicks;
    private long _nowTicks;
    private long _sinceTicks;
    private long _fromTicks;

    /// <param name="afterTicks">How long nothing must have come; -1 for never.</param>
    public QuietAdvance(long afterTicks)
    {
        _afterTicks = afterTicks;
        _fromTicks = long.MinValue;
    }

    /// <summary>A source has done something, or has come.</summary>
    /// <param name="watermark">The combined watermark after that; long.MinValue for none.</param>
    public void OnActivity(long watermark) => (_sinceTicks, _fromTicks) = (_nowTicks, watermark);

    /// <summary>
    /// The watermark may have moved without any activity: where there was none at the newest activity, time goes on
    /// from the first one there is, and from its moment.
    /// </summary>
    /// <param name="watermark">The combined watermark; long.MinValue for none.</param>
    public void OnWatermark(long watermark)
    {
        if (_fromTicks == long.MinValue && watermark != long.MinValue)
            OnActivity(watermark);
    }

    /// <summary>The quiet clock goes on.</summary>
    /// <param name="stepTicks">0 or more.</param>
    public void OnClock(long stepTicks) => _nowTicks += Math.Min(stepTicks, long.MaxValue - _nowTicks);

    /// <summary>How far the clock alone takes the watermark; long.MinValue for not at all.</summary>
    public readonly long Reached()
    {
        var quietTicks = _nowTicks - _sinceTicks;
        if (_afterTicks < 0 || quietTicks < _afterTicks || _fromTicks == long.MinValue)
            return long.MinValue;

        // The end of input is for completed sources alone.
        const long Last = long.MaxValue - 1;
        return _fromTicks > Last - quietTicks ? Last : _fromTicks + quietTicks;
    }

    public readonly void Save(StateWriter writer)
    {
        writer.WriteInt64(_nowTicks - _sinceTicks);
        writer.WriteInt64(_fromTicks);
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        var quietTicks = reader.ReadInt64();
        if (quietTicks < 0)
            throw reader.Invalid($"no source has sent anything for {quietTicks} ticks, which is less than none");
        (_nowTicks, _sinceTicks) = (quietTicks, 0);
        _fromTicks = reader.ReadInt64();
    }
}
