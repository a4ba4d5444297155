namespace DisruptorStream.Durability.Plans.Records;

/// <summary>What an accumulator is made of again, to read the state of one that is no longer asked for.</summary>
/// <param name="Kind">The number of its kind.</param>
/// <param name="MeasureType">The number of the type of its measure.</param>
/// <param name="WeightType">The number of the type of what it weighs by; -1 for nothing.</param>
/// <param name="Parameter">The number that sets its size or precision.</param>
internal sealed record RecordedForm(int Kind, int MeasureType, int WeightType, double Parameter);
