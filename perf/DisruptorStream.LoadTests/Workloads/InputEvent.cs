using System.Runtime.InteropServices;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>What the limits read: event time in milliseconds, a dense key and a value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InputEvent
{
    public long Milliseconds;
    public double Value;
    public int Key;
}
