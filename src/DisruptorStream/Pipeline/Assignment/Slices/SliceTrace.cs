using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment.Slices;

/// <summary>When an open slice had its events, written once for a run. All zero where that is not known.</summary>
internal struct SliceTrace
{
    /// <summary>Runs so far, in this process; 0 for none.</summary>
    public long Runs;

    /// <summary>The first slot of the first run.</summary>
    public long FirstSequence;

    /// <summary>The last slot of the newest run.</summary>
    public long LastSequence;

    /// <summary>The time of day as of the newest tick before the first run; long.MinValue for none.</summary>
    public long OpenedTicks;

    /// <summary>That of both.</summary>
    public readonly SliceTrace With(in SliceTrace other)
    {
        if (Runs == 0 || other.Runs == 0)
            return Runs == 0 ? other : this;
        return new SliceTrace
        {
            Runs = Runs + other.Runs,
            FirstSequence = Math.Min(FirstSequence, other.FirstSequence),
            LastSequence = Math.Max(LastSequence, other.LastSequence),
            OpenedTicks = FirstSequence <= other.FirstSequence ? OpenedTicks : other.OpenedTicks,
        };
    }

    public void Note(in EventRun run, long timeOfDayTicks)
    {
        if (Runs++ == 0)
            (FirstSequence, OpenedTicks) = (run.FirstSequence, timeOfDayTicks);
        LastSequence = run.LastSequence;
    }
}
