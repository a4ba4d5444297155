using System.Runtime.CompilerServices;

namespace DisruptorStream.Events;

/// <summary>A count for each <see cref="DropReason"/>.</summary>
[InlineArray(Reasons)]
internal struct DropCounts
{
    /// <summary>How many reasons there are, none among them.</summary>
    public const int Reasons = (int)DropReason.TimestampJump + 1;

    private long _first;
}
