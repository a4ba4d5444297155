namespace DisruptorStream.Watermarks.History;

/// <summary>One step of the watermark past the end of a window, as <see cref="WatermarkHistory"/> keeps it.</summary>
internal struct AdvanceEntry
{
    /// <summary>What stands for no source, and for one that has left.</summary>
    public const int NoSource = -1;

    /// <summary>The slot that moved it.</summary>
    public long Sequence;

    /// <summary>The time that the slot carries; long.MinValue where it carries none.</summary>
    public long TimestampTicks;

    /// <summary>The watermark before the slot; long.MinValue for none.</summary>
    public long FromTicks;

    /// <summary>The watermark after it.</summary>
    public long ToTicks;

    /// <summary>The time of day as of the newest tick before it; long.MinValue for none.</summary>
    public long ClockTicks;

    /// <summary>Events that came too late because of it.</summary>
    public long LateCount;

    /// <summary>How much lateness beyond the end of their last window would have saved all of these.</summary>
    public long LatenessTicks;

    public int Source;

    public AdvanceCause Cause;

    /// <summary>How far it moved; long.MaxValue from none.</summary>
    public readonly long StepTicks => FromTicks == long.MinValue ? long.MaxValue : ToTicks - FromTicks;
}
