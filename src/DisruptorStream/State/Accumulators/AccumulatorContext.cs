using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Sketches.Weights;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators;

/// <summary>What the accumulators of a plan share.</summary>
/// <param name="Policy">What becomes of measures that are no numbers.</param>
/// <param name="Marks">Where a record says that it has failed.</param>
/// <param name="Negative">Counts weights below zero.</param>
/// <param name="Blocks">Where what does not fit a record lies.</param>
internal sealed record AccumulatorContext(
    NonFinitePolicy Policy, FailureMarks Marks, NegativeWeights Negative, BlockPool Blocks)
{
    /// <summary>Whether NaN and the infinities of a measure are left out.</summary>
    public bool SkipsNonFinite(MeasureDefinition measure) =>
        Policy == NonFinitePolicy.IgnoreMeasure && measure.Type == MeasureType.Double;

    /// <summary>Whether those of any of these measures are.</summary>
    public bool SkipsNonFinite(IReadOnlyList<MeasureDefinition> measures)
    {
        foreach (var measure in measures)
        {
            if (SkipsNonFinite(measure))
                return true;
        }

        return false;
    }
}
