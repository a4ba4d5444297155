namespace DisruptorStream.Windows.Calendars;

/// <summary>What becomes of an event while the exchange is closed.</summary>
public enum OutsideHours
{
    /// <summary>It is in no window, and counted as such. Windows go from an open to its close. The default.</summary>
    InNoWindow = 0,

    /// <summary>It belongs to the session that comes next: windows go from the close before to the close.</summary>
    InNextSession,
}
