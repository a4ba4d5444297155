using System.Runtime.InteropServices;

namespace DisruptorStream.State.Sessions;

/// <summary>The head of a session's record; its pane state, triggers and accumulators follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Session
{
    public long StartTicks;

    /// <summary>The last event plus the gap.</summary>
    public long EndTicks;

    /// <summary>The newest entry of this session in the queue of what is due.</summary>
    public long FiledDueTicks;

    public int KeyId;

    /// <summary>The next session of the same key, in no order; -1 for none.</summary>
    public int Next;

    /// <summary>The first copy of an emitted pane that a later one must withdraw; -1 for none.</summary>
    public int Retained;
}
