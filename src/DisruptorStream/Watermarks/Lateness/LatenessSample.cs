using DisruptorStream.Saving;

namespace DisruptorStream.Watermarks.Lateness;

/// <summary>Which events are looked at for how late they come: the first ones, and then some of a great many.</summary>
/// <remarks>
/// By their number alone, so the same events give the same counts whatever the batches. An event that is not looked at
/// costs nothing: what is counted is how many a run has.
/// </remarks>
internal struct LatenessSample
{
    public const int FirstEvents = 4_096;
    public const int EventsPerPeriod = 512;
    public const int PeriodEvents = 65_536;

    public LatenessSample()
    {
        IsOpen = true;
        Left = FirstEvents;
    }

    /// <summary>Whether the next events are looked at.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>For how many events that stays so: at least one.</summary>
    public int Left { get; private set; }

    /// <summary>Whether none of the next events is looked at, up to this number.</summary>
    public readonly bool Skips(int count) => !IsOpen && count <= Left;

    /// <summary>Events have come: no more than are left.</summary>
    public void Pass(int count)
    {
        Left -= count;
        if (Left > 0)
            return;
        IsOpen = !IsOpen;
        Left = IsOpen ? EventsPerPeriod : PeriodEvents - EventsPerPeriod;
    }

    public readonly void Save(StateWriter writer)
    {
        writer.WriteByte(IsOpen ? (byte)1 : (byte)0);
        writer.WriteCount(Left);
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        IsOpen = reader.ReadFlag();
        Left = (int)reader.ReadNumber(PeriodEvents, "the events until others are looked at");
        if (Left == 0)
            throw reader.Invalid("no event is left until others are looked at");
    }
}
