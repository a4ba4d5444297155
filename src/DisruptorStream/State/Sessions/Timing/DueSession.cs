#pragma warning disable MA0097 // Only the sort compares these; operators would have no caller.
namespace DisruptorStream.State.Sessions.Timing;

/// <summary>A session that fires, in the order in which sessions of one slot come out.</summary>
internal record struct DueSession(long EndTicks, long StartTicks, int KeyId, int Index)
    : IComparable<DueSession>
{
    /// <summary>The sequence of the slot that it fires at.</summary>
    public long Sequence { get; set; }

    public readonly int CompareTo(DueSession other)
    {
        if (EndTicks != other.EndTicks)
            return EndTicks < other.EndTicks ? -1 : 1;
        if (StartTicks != other.StartTicks)
            return StartTicks < other.StartTicks ? -1 : 1;
        return KeyId.CompareTo(other.KeyId);
    }
}
