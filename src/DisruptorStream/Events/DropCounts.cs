using System.Runtime.CompilerServices;

namespace DisruptorStream.Events;

/// <summary>A count for each <see cref="DropReason"/>.</summary>
[InlineArray((int)DropReason.TimestampJump + 1)]
internal struct DropCounts
{
    private long _first;
}
