using System.Runtime.InteropServices;

namespace DisruptorStream.State.Sessions.Clocks;

/// <summary>The time of one key.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KeyClock
{
    /// <summary>Its watermark at its newest event; long.MinValue for none.</summary>
    public long WatermarkTicks;

    /// <summary>The quiet clock at its newest event; long.MinValue for no event.</summary>
    public long ActiveTicks;

    /// <summary>No window of it is due before this watermark; long.MaxValue where it has none.</summary>
    public long DueTicks;

    /// <summary>A key without an event.</summary>
    public static KeyClock None => new()
    {
        WatermarkTicks = long.MinValue,
        ActiveTicks = long.MinValue,
        DueTicks = long.MaxValue,
    };
}
