namespace DisruptorStream.Pipeline.Assignment.Slices;

/// <summary>
/// The slices of a time, with those of the time before it. A value, so that nothing is called for a run.
/// </summary>
internal interface IRecentSlices
{
    /// <summary>The slice of the time located last; of several sizes that of the finest.</summary>
    long Slice { get; }

    /// <summary>Where events begin that lie in the same slices.</summary>
    long StartTicks { get; }

    /// <summary>Where they end.</summary>
    long EndTicks { get; }

    /// <summary>Makes the slices of a time the current ones; false where none that can be numbered hold it.</summary>
    bool TryLocate(long time);
}
