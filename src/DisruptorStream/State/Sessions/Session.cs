using System.Runtime.InteropServices;

namespace DisruptorStream.State.Sessions;

/// <summary>The head of a session's record; its pane state, accumulators and triggers follow.</summary>
/// <remarks>
/// With its pane state it is 32 bytes, so that with one vector of moments all of it lies in one cache line.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct Session
{
    public long StartTicks;

    /// <summary>The last event plus the gap.</summary>
    public long EndTicks;

    /// <summary>-1 while the record is free.</summary>
    public int KeyId;

    /// <summary>The session of the same key that was before this one; -1 for none.</summary>
    public int Next;
}
