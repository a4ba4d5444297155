namespace DisruptorStream.Emission.Records;

/// <summary>Has the source generator fill a partial record, or another partial type, from results.</summary>
/// <remarks>
/// The package DisruptorStream.Generators writes <see cref="IResultRow{TSelf, TKey}"/> for it, without reflection.
/// One member is the key: the one named Key, or marked with <see cref="ResultKeyAttribute"/>; of a key of several
/// parts there may be a marked member for each. Members that are named and typed like those of a result are that: Start
/// and WindowStart, End and WindowEnd (DateTimeOffset), Window, Timing, PaneIndex, IsLast, IsEvicted,
/// IsPartial, Silence, IsFailed, Failure, Sequence. All others are metrics: double or long, also nullable.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class ResultRowAttribute : Attribute
{
}
