namespace DisruptorStream.Windows.Calendars;

/// <summary>
/// The moments at which a calendar cuts time, numbered in their order. Several may be the same moment.
/// </summary>
internal abstract class CalendarEdges
{
    /// <summary>Whether what lies between an edge of an odd number and the next one is in no window.</summary>
    public virtual bool HasHoles => false;

    /// <summary>When an edge is; false where that is not within the years 1 to 9999, UTC.</summary>
    public abstract bool TryFind(long edge, out long ticks);

    /// <summary>An edge at or before a moment: the last one, or one of the few before it.</summary>
    /// <param name="ticks">In the years 1 to 9999, UTC.</param>
    public abstract long EdgeNear(long ticks);
}
