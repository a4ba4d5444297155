using DisruptorStream.Aggregation;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.State.Accumulators;
using DisruptorStream.State.Accumulators.Sums;

namespace DisruptorStream.State.Translation;

/// <summary>
/// Makes accumulators again that were saved and are no longer asked for, so that their states can be read.
/// </summary>
internal static class SavedAccumulators
{
    /// <summary>
    /// What it takes to make one again; null where its state is only its bytes, and no count is read.
    /// </summary>
    public static RecordedForm? FormOf(AccumulatorInfo accumulator)
    {
        var identity = accumulator.Identity;
        if (identity.Measure is not { } measure || (accumulator.MaxBlockBytes == 0 && !accumulator.CountsEvents))
            return null;
        var parameter = identity.Parameters.Count > 0 ? identity.Parameters[0] : 0;
        return new RecordedForm((int)identity.Kind, (int)measure.Type, (int?)identity.By?.Type ?? -1, parameter);
    }

    /// <summary>Makes one at the beginning of a record of its own; null where that is not possible.</summary>
    /// <param name="form">What it was.</param>
    /// <param name="context">Where its blocks lie.</param>
    public static Accumulator? Make(RecordedForm form, AccumulatorContext context)
    {
        // Only what was saved is read: in which words its measures were does not matter.
        var measure = new MeasureDefinition("saved", 0, (MeasureType)form.MeasureType);
        var identity = new AccumulatorIdentity((AccumulatorKind)form.Kind, measure)
        {
            By = form.WeightType < 0 ? null : new MeasureDefinition("weight", 0, (MeasureType)form.WeightType),
            Parameters = new ParameterList(form.Parameter),
        };
        var menu = ReadingAccumulators.For(measure, skipsNonFinite: false);
        return identity.Kind switch
        {
            AccumulatorKind.Sum => measure.Type == MeasureType.Double
                ? menu.State<DoubleSum>(identity, counts: true)
                : menu.State<Int64Sum>(identity, counts: true),
            AccumulatorKind.Moments => menu.Moments(identity, counts: true),
            AccumulatorKind.Spread => menu.Spread(identity, counts: true),
            AccumulatorKind.Quantiles => menu.Quantiles(identity, context, form.Parameter),
            AccumulatorKind.Values => menu.Values(identity, context, (int)form.Parameter),
            AccumulatorKind.Distinct => menu.Distinct(identity, context, (int)form.Parameter),
            AccumulatorKind.DistinctSum => menu.DistinctSum(identity, context, (int)form.Parameter),
            AccumulatorKind.Top or AccumulatorKind.WeightedTop => menu.Top(identity, context, (int)form.Parameter),
            _ => null,
        };
    }
}
