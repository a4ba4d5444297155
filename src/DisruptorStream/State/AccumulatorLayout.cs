using DisruptorStream.Identities;
using DisruptorStream.State.Accumulators;

namespace DisruptorStream.State;

/// <summary>The memory of one record: its accumulators, in order. A value.</summary>
/// <param name="RecordBytes">A multiple of 8; of 32 when there is a vector.</param>
/// <param name="MaxBlockBytes">The most bytes that a record may hold outside of itself, in blocks.</param>
/// <param name="CanFail">Whether a record can be marked as failed.</param>
/// <param name="Accumulators">The accumulators, each with the metrics that it serves.</param>
internal sealed record AccumulatorLayout(
    int RecordBytes, int MaxBlockBytes, bool CanFail, IReadOnlyList<AccumulatorInfo> Accumulators)
{
    /// <summary>Writes what a saved record means.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add(CanFail);
        writer.BeginList(Accumulators.Count);
        foreach (var accumulator in Accumulators)
        {
            accumulator.Identity.Identify(writer);
            writer.Add(accumulator.SizeBytes);
        }
    }
}
