using System.Runtime.CompilerServices;

namespace DisruptorStream.Telemetry;

/// <summary>Keeps what different threads write on different pairs of cache lines.</summary>
[InlineArray(16)]
internal struct Padding
{
    private long _first;
}
