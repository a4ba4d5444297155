namespace DisruptorStream.State.Accumulators.Sketches.Tops;

/// <summary>A value, what it weighs at most, and by how much that may be too high.</summary>
internal readonly record struct TopEntry(long Value, long Weight, long Error)
{
    /// <summary>Descending by weight; of equal ones the smallest value comes first.</summary>
    public static Comparison<TopEntry> ByWeight { get; } = static (left, right) => left.Weight != right.Weight
        ? right.Weight.CompareTo(left.Weight)
        : left.Value.CompareTo(right.Value);
}
