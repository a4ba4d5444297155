namespace DisruptorStream.Slots;

/// <summary>Says when a processor without threads, which has no timer, is to put the clock into its sequence.</summary>
internal interface ITickSource
{
    /// <summary>Whether a tick is due.</summary>
    bool IsDue();

    /// <summary>So many calls have not asked.</summary>
    void Pass(int calls);

    /// <summary>Reads the clock for a tick.</summary>
    TickReading Read();

    /// <summary>A tick that was read is not published: the next one takes its step over.</summary>
    void GiveBack(in TickReading reading);

    /// <summary>The tick was handled, and the ring is free: what is to be told to the host is told.</summary>
    void Tell();
}
