using System.Runtime.InteropServices;

namespace DisruptorStream.State.Sessions.Timing;

/// <summary>Where in the <see cref="DueWheel"/> a session is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Filing
{
    /// <summary>A value of <see cref="Previous"/>: in no bucket, and not near.</summary>
    public const int Nowhere = -3;

    /// <summary>A value of <see cref="Previous"/>: among what is near.</summary>
    public const int Near = -2;

    /// <summary>When it is looked at.</summary>
    public long FiledTicks;

    /// <summary>The next session of the bucket; -1 for none.</summary>
    public int Next;

    /// <summary>The one before it in the bucket, -1 for none; or where else it is.</summary>
    public int Previous;
}
